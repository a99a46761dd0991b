import type { Ids } from '../../ports/ids/ids.ts';
import type { OAuth } from '../../providers/kit/oauth/oauth.ts';
import { retryAfterMs } from '../retry.ts';
import type { Presentation } from './presentation.ts';

/** A call that has not begun by then is not made: others may have given it up. */
export const START_MS = 5_000;
/** For everything of a call; more than the client's own limit, so that it is the client who says how the call ended. */
export const CALL_MS = 35_000;

const SHORTEST_MS = 30_000;
const LONGEST_MS = 3_600_000;
/** Before the end of a grace: once while a sweep still comes, and once at the very last. No waiting goes past these. */
const CHANCES_MS: readonly number[] = [20 * 60_000, 60_000];

/** Whether a token may be presented again though an answer to it was lost at `sinceMs`: it must arrive within the grace, too. */
export function mayPresentAgain({ refresh }: OAuth, sinceMs: number, nowMs: number): boolean {
  // One that does not rotate ends with nothing that was lost.
  if (!refresh.rotates) return true;
  return refresh.graceS !== undefined && nowMs + START_MS + CALL_MS < sinceMs + refresh.graceS * 1000;
}

/**
 * The record after another answer that gave nothing: 30 s until the next try, doubling to an hour, up to a quarter more by chance, and not
 * past the last chances of a grace. What the provider asked for is kept to whatever it costs.
 */
export function cooled(record: Presentation, { nowMs, ids, retryAfter, graceEndMs }: Cooling): Presentation {
  const chance = Buffer.from(ids.secret(4), 'base64url').readUInt32BE() / 2 ** 32;
  const ownMs = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** record.failures) * (1 + chance / 4);
  const askedMs = retryAfter === undefined ? 0 : retryAfterMs(retryAfter, nowMs);
  const chances = CHANCES_MS.map((ms) => graceEndMs - ms - nowMs).filter((ms) => ms >= SHORTEST_MS);
  const untilMs = nowMs + Math.ceil(Math.max(Math.min(ownMs, ...chances), askedMs));
  return { ...record, presented: null, failures: Math.min(record.failures + 1, 20), untilMs };
}

interface Cooling {
  readonly nowMs: number;
  readonly ids: Ids;
  readonly retryAfter?: string | undefined;
  /** When a token whose answer was lost can no longer be presented; infinite where none was lost. */
  readonly graceEndMs: number;
}

/** The end of the grace for an answer lost at `sinceMs`. */
export function graceEndOf({ refresh }: OAuth, sinceMs: number | null): number {
  return sinceMs === null || refresh.graceS === undefined ? Infinity : sinceMs + refresh.graceS * 1000;
}
