import type { State } from '../ports/state/state.ts';

/** The server that runs, or ran last, on a data directory. */
export interface Serving {
  readonly pid: number;
  readonly url: string;
  readonly public_url: string;
}

/** Undefined before the first server. */
export async function readServing(state: State): Promise<Serving | undefined> {
  return (await state.get<Serving>('server', 'self'))?.value;
}

export async function recordServing(state: State, serving: Serving): Promise<void> {
  await state.put('server', 'self', serving);
}

/** Longer than a server of this machine takes to say that it is well. */
const ANSWER_MS = 2_000;

/** Whether the server that runs, or ran last, on a data directory answers now. */
export async function isServing(state: State): Promise<boolean> {
  const serving = await readServing(state);
  if (serving === undefined) return false;
  const asked = fetch(`${serving.url}/healthz`, { redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) });
  return asked.then(
    ({ ok }) => ok,
    () => false,
  );
}
