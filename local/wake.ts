import type { State } from '../ports/state/state.ts';

/** Tells a server on the same data directory that another process stored raw objects: a hint, as events are. */
export async function wake(state: State): Promise<void> {
  await state.put('wake', 'batch', {});
}

/** Answers whether somebody called `wake` since the last look; what lies before the first look is the sweep's. */
export function watchWake(state: State): () => Promise<boolean> {
  let seen: number | undefined;
  return async () => {
    const version = (await state.get('wake', 'batch'))?.version ?? 0;
    const woken = seen !== undefined && version !== seen;
    seen = version;
    return woken;
  };
}
