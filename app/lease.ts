import type { Lease } from '../ports/state/state.ts';
import type { Runtime } from './runtime.ts';

/** The name of a lease somebody waits for, and who has it, such as `process 4711`. */
export interface Wait {
  readonly lease: string;
  readonly holder: string;
}

/** What waiting for a lease needs; `onWait` hears of it. */
export type WaitRuntime = Pick<Runtime, 'state' | 'clock' | 'onWait'>;

interface Terms {
  /** Bounds how long a holder that neither works on nor dies is waited for. */
  readonly ttlMs: number;
  readonly lookAgainMs: number;
  /** A shorter wait is not worth a word. */
  readonly quietMs?: number;
}

/** Every step of a batch renews it. */
const BATCH: Terms = { ttlMs: 15 * 60_000, lookAgainMs: 200 };
/** Who holds the lease of batches for longer computes, forgets somebody, or has died: a function that waited to its end would do nothing else either. */
const BATCH_WAIT_MS = 60_000;

/** Waits until no other batch runs, here or in another process, and runs `work` while none can start. */
export async function withBatchLease<T>(runtime: WaitRuntime, work: (lease: Lease) => Promise<T>): Promise<T> {
  return withLease(runtime, 'batch', BATCH, work);
}

/** The same for whoever comes again: undefined, and nothing done, when others hold the lease for `BATCH_WAIT_MS`. */
export async function withBatchLeaseSoon<T>(
  runtime: WaitRuntime,
  work: (lease: Lease) => Promise<T>,
): Promise<T | undefined> {
  return withLeaseSoon(runtime, 'batch', { ...BATCH, waitMs: BATCH_WAIT_MS }, work);
}

/** `work` while nobody else has the lease; undefined, and nothing done, when others hold it for `waitMs`. */
export async function withLeaseSoon<T>(
  runtime: WaitRuntime,
  name: string,
  terms: Terms & { readonly waitMs: number },
  work: (lease: Lease) => Promise<T>,
): Promise<T | undefined> {
  const lease = await acquired(runtime, name, terms);
  return lease === undefined ? undefined : whileHeld(lease, work);
}

/** Waits until nobody has a lease, here or in another process, and runs `work` while nobody else can; says once whom it waits for. */
export async function withLease<T>(
  runtime: WaitRuntime,
  name: string,
  terms: Terms,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lease = await acquired(runtime, name, { ...terms, waitMs: Infinity });
  if (lease === undefined) throw new TypeError('lease: a wait without an end has ended');
  return whileHeld(lease, work);
}

async function whileHeld<T>(lease: Lease, work: (lease: Lease) => Promise<T>): Promise<T> {
  try {
    return await work(lease);
  } finally {
    await lease.release();
  }
}

async function acquired(
  { state, clock, onWait }: WaitRuntime,
  name: string,
  { ttlMs, lookAgainMs, quietMs = 0, waitMs }: Terms & { readonly waitMs: number },
): Promise<Lease | undefined> {
  const sinceMs = clock.now();
  let isSaid = false;
  for (;;) {
    const result = await state.acquire(name, { ttlMs });
    if (result.ok) return result.lease;
    if (clock.now() - sinceMs >= waitMs) return undefined;
    if (!isSaid && clock.now() - sinceMs >= quietMs) {
      onWait?.({ lease: name, holder: result.holder });
      isSaid = true;
    }
    await clock.sleep(lookAgainMs);
  }
}
