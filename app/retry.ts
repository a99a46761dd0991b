import type { Ids } from '../ports/ids/ids.ts';

const SHORTEST_MS = 1000;
const LONGEST_MS = 3_600_000;
const DEFAULT_MS = 60_000;

/** RFC 9110 5.6.7, the one form of a date that is still written. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Ms to wait before another attempt, the first being 0: anything up to a bound that doubles from `baseMs` (1 s) to
 * `capMs` (60 s). Full jitter, so that those who failed together do not come back together.
 */
export function backoffMs(
  attempt: number,
  ids: Pick<Ids, 'secret'>,
  { baseMs = 1000, capMs = 60_000 }: { readonly baseMs?: number; readonly capMs?: number } = {},
): number {
  const boundMs = Math.min(capMs, baseMs * 2 ** Math.min(30, Math.max(0, attempt)));
  const share = Buffer.from(ids.secret(4), 'base64url').readUInt32BE() / 2 ** 32;
  return Math.floor(share * boundMs);
}

/** The wait a `Retry-After` asks for (seconds or an HTTP date), in ms: at least 1 s, at most 1 h; 60 s when it cannot be read. */
export function retryAfterMs(text: string | undefined, nowMs: number): number {
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, asked(text?.trim() ?? '', nowMs) ?? DEFAULT_MS));
}

function asked(text: string, nowMs: number): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs - nowMs;
}
