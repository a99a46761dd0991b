import type { CollectRuntime } from './runtime.ts';

/** When a connection was asked last, with success. */
export interface Collected {
  /** The local day of the last daily look; null before the first. */
  readonly day: string | null;
  /** Unix ms of the last answer that was stored; null before the first. */
  readonly at: number | null;
}

type StateRuntime = Pick<CollectRuntime, 'state'>;

const KIND = 'collected';

export async function readCollected({ state }: StateRuntime, connectionId: string): Promise<Collected> {
  return (await state.get<Collected>(KIND, connectionId))?.value ?? { day: null, at: null };
}

/** Changes what is known; only inside `holding`. */
export async function noteCollected(
  runtime: StateRuntime,
  connectionId: string,
  changes: Partial<Collected>,
): Promise<void> {
  const before = await readCollected(runtime, connectionId);
  await runtime.state.put(KIND, connectionId, { ...before, ...changes } satisfies Collected);
}
