import type { Lease } from '../ports/state/state.ts';
import type { Runtime } from './runtime.ts';

const LEASE = 'batch';
/** Bounds how long a holder that neither works on nor dies is waited for; every step of a batch renews it. */
const TTL_MS = 15 * 60_000;
const LOOK_AGAIN_MS = 200;

/** Waits until no other batch runs, here or in another process, and runs `work` while none can start. */
export async function withBatchLease<T>(
  { state, clock }: Pick<Runtime, 'state' | 'clock'>,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  for (;;) {
    const result = await state.acquire(LEASE, { ttlMs: TTL_MS });
    if (!result.ok) {
      await clock.sleep(LOOK_AGAIN_MS);
      continue;
    }
    try {
      return await work(result.lease);
    } finally {
      await result.lease.release();
    }
  }
}
