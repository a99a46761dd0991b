import type { OAuth } from '../../providers/kit/oauth/oauth.ts';
import type { Grant } from '../grant.ts';
import { sha256Hex } from '../keys.ts';

const MARGIN_S = 900;
const WEEK_MS = 7 * 24 * 3_600_000;
/** What a request needs to arrive with a token that is about to end. */
const USABLE_MS = 30_000;

/** Whether the access token lasts beyond the margin in which it is renewed. */
export function isFresh({ refresh }: OAuth, connectionId: string, grant: Grant, nowMs: number): boolean {
  const { expiresAt, refresh: token } = grant.tokens;
  if (expiresAt === null) return true;
  if (token === null) return expiresAt > nowMs;
  const declaredMs = (refresh.marginS ?? MARGIN_S) * 1000 * spread(connectionId);
  // One that lives for minutes would otherwise be renewed all the time.
  const lifeMs = grant.savedAtMs === null ? Infinity : Math.max(0, expiresAt - grant.savedAtMs);
  return expiresAt - Math.min(declaredMs, lifeMs / 2) > nowMs;
}

/** Whether the access token can still be used while no new one is to be had. */
export function isUsable({ tokens }: Grant, nowMs: number): boolean {
  return tokens.expiresAt === null || tokens.expiresAt - USABLE_MS > nowMs;
}

/** Whether the refresh token should be used lest it lapses: after a week, or a third of the time the provider gives it. */
export function isUnused({ refresh }: OAuth, { tokens, savedAtMs }: Grant, nowMs: number): boolean {
  if (tokens.refresh === null || savedAtMs === null) return false;
  const lapsesMs = refresh.lapsesS === undefined ? Infinity : refresh.lapsesS * 1000;
  return nowMs - savedAtMs >= Math.min(WEEK_MS, lapsesMs / 3);
}

/** 0.9 to 1.1, always the same for one connection: those that were connected together do not come back together. */
function spread(connectionId: string): number {
  return 0.9 + (0.2 * Number.parseInt(sha256Hex(connectionId).slice(0, 8), 16)) / 2 ** 32;
}
