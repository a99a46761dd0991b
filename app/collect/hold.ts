import type { Lease } from '../../ports/state/state.ts';
import type { WaitRuntime } from '../lease.ts';

/** Bounds how long a holder that neither works on nor dies is waited for: longer than one request with its waits. */
const TTL_MS = 3 * 60_000;
const LOOK_AGAIN_MS = 200;

/** A hold on the fetching of one connection. */
export interface Hold {
  /** False when another took over: whoever lost it asks for nothing more. */
  readonly renew: () => Promise<boolean>;
}

/** Runs `work` while nobody else fetches for the connection, here or in another process; undefined when somebody still does after `waitMs`. */
export async function holding<T>(
  { state, clock, onWait }: WaitRuntime,
  connectionId: string,
  { waitMs, signal }: { readonly waitMs: number; readonly signal?: AbortSignal | undefined },
  work: (hold: Hold) => Promise<T>,
): Promise<T | undefined> {
  const name = `collect/${connectionId}`;
  const untilMs = clock.now() + waitMs;
  let isSaid = false;
  for (;;) {
    const taken = await state.acquire(name, { ttlMs: TTL_MS });
    if (taken.ok) return run(taken.lease, work);
    if (signal?.aborted === true || clock.now() >= untilMs) return undefined;
    if (!isSaid) onWait?.({ lease: name, holder: taken.holder });
    isSaid = true;
    await clock.sleep(LOOK_AGAIN_MS);
  }
}

async function run<T>(lease: Lease, work: (hold: Hold) => Promise<T>): Promise<T> {
  try {
    return await work({ renew: () => lease.renew() });
  } finally {
    await lease.release();
  }
}
