import { IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { TokenOutcome } from './oauth.ts';

const UNKNOWN: TokenOutcome = { ok: false, kind: 'unknown' };

/** What the library's errors hold of an answer: all of it, or with text that is no JSON, or what came before it broke off. */
const answer = z.object({
  res: z.instanceof(IncomingMessage),
  isResponseError: z.literal(true).optional(),
  payload: z.unknown().optional(),
});

/**
 * What a failed token call leaves us with; `sent`: whether something of it may have left, `read` judges a JSON answer.
 * The library's errors hold the answer, the request and what was sent with it, so nothing of them goes further than here.
 */
export function outcomeOf(
  error: unknown,
  { sent, read }: { readonly sent: boolean; readonly read: (json: unknown) => TokenOutcome | undefined },
): TokenOutcome {
  const found = answer.safeParse(error instanceof Error && 'data' in error ? error.data : undefined);
  if (!found.success) return sent ? UNKNOWN : { ok: false, kind: 'later' };
  const { res, isResponseError, payload } = found.data;
  // The library lets the rest of an answer run on.
  res.destroy();
  const status = res.statusCode ?? 0;
  const isJson = isResponseError === true && typeof payload === 'object' && payload !== null;
  const isWhole = isResponseError === true || payload instanceof Uint8Array;
  if (isWhole && [429, 500, 503].includes(status)) {
    return { ok: false, kind: 'later', retryAfter: res.headers['retry-after'] };
  }
  // A whole refusal that is no word of OAuth (a firewall's page, a redirect): nothing was issued.
  if (isWhole && !isJson && status >= 300 && status < 500) return { ok: false, kind: 'later' };
  if (!isJson || status >= 500) return UNKNOWN;
  const said = read(payload);
  // A refusal in other words than those of OAuth: nothing was issued, and nothing was said against the grant.
  if (said === undefined) return { ok: false, kind: 'later' };
  return said.ok ? UNKNOWN : said;
}
