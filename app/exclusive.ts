import type { Lease, State } from '../ports/state/state.ts';
import { WellspringError } from './errors.ts';
import { withLease, type WaitRuntime } from './lease.ts';

const LEASE = 'facts';
/** A change takes some milliseconds: only a wait that lasts says what it waits for. */
const TERMS = { ttlMs: 30_000, lookAgainMs: 50, quietMs: 1000 };

/** Changes asked for in this process wait for each other here, those of other processes for the lease. */
const queues = new WeakMap<State, Promise<unknown>>();
/** The lease of the one change that this process makes now. */
const leases = new WeakMap<State, Lease>();

/**
 * Runs `work` while nobody else changes people or connections. What it checked still holds when it writes, as long as it asks `stayExclusive`
 * right before: a process that stood still goes on when its time is over.
 */
export async function exclusively<T>(runtime: WaitRuntime, work: () => Promise<T>): Promise<T> {
  const before = queues.get(runtime.state) ?? Promise.resolve();
  const mine = before.then(() =>
    withLease(runtime, LEASE, TERMS, async (lease) => {
      leases.set(runtime.state, lease);
      try {
        return await work();
      } finally {
        leases.delete(runtime.state);
      }
    }),
  );
  const settled = mine.catch(() => undefined);
  queues.set(runtime.state, settled);
  return mine;
}

/** Gives the change that runs inside `exclusively` its whole time anew; throws `lease_lost` (503) when somebody else has begun one since. */
export async function stayExclusive({ state }: Pick<WaitRuntime, 'state'>): Promise<void> {
  const lease = leases.get(state);
  if (lease === undefined) throw new TypeError('exclusive: a change of people or connections outside `exclusively`');
  if (await lease.renew()) return;
  throw new WellspringError({
    code: 'lease_lost',
    message: 'This took too long, and somebody else changed people or connections meanwhile.',
    remedy: 'Ask again: it then begins from how things stand.',
    status: 503,
    exit: 4,
  });
}
