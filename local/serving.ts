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
