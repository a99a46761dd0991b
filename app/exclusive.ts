import type { State } from '../ports/state/state.ts';
import { withLease, type WaitRuntime } from './lease.ts';

const LEASE = 'facts';
/** A change takes some milliseconds: only a wait that lasts says what it waits for. */
const TERMS = { ttlMs: 30_000, lookAgainMs: 50, quietMs: 1000 };

/** Changes asked for in this process wait for each other here, those of other processes for the lease. */
const queues = new WeakMap<State, Promise<unknown>>();

/** Runs `work` while nobody else changes people or connections: what it checked still holds when it writes. */
export async function exclusively<T>(runtime: WaitRuntime, work: () => Promise<T>): Promise<T> {
  const before = queues.get(runtime.state) ?? Promise.resolve();
  const mine = before.then(() => withLease(runtime, LEASE, TERMS, work));
  const settled = mine.catch(() => undefined);
  queues.set(runtime.state, settled);
  return mine;
}
