import { within } from '../../../app/deadline.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';

/** Longer than anything takes on a busy machine, and far below the test's own limit, which would not say what it was. */
const MOST_MS = 90_000;

/** What `work` answers; throws with `what` it was when that takes too long. */
export async function inTime<T>(what: string, work: Promise<T>, mostMs = MOST_MS): Promise<T> {
  const timed = await within(createSystemClock(), mostMs, work);
  if (timed.ok) return timed.value;
  throw new Error(`Not done within ${mostMs / 1000} s: ${what}`);
}
