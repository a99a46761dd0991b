import type { State } from '../ports/state/state.ts';
import type { Runtime } from './runtime.ts';

const LEASE = 'facts';
const TTL_MS = 30_000;
const LOOK_AGAIN_MS = 50;

/** Changes asked for in this process wait for each other here, those of other processes for the lease. */
const queues = new WeakMap<State, Promise<unknown>>();

/** Runs `work` while nobody else changes people or connections: what it checked still holds when it writes. */
export async function exclusively<T>(runtime: Pick<Runtime, 'state' | 'clock'>, work: () => Promise<T>): Promise<T> {
  const before = queues.get(runtime.state) ?? Promise.resolve();
  const mine = before.then(() => withLease(runtime, work));
  const settled = mine.catch(() => undefined);
  queues.set(runtime.state, settled);
  return mine;
}

async function withLease<T>({ state, clock }: Pick<Runtime, 'state' | 'clock'>, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const result = await state.acquire(LEASE, { ttlMs: TTL_MS });
    if (result.ok) {
      try {
        return await work();
      } finally {
        await result.lease.release();
      }
    }
    await clock.sleep(LOOK_AGAIN_MS);
  }
}
