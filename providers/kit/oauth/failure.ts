import { IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { TokenOutcome } from './oauth.ts';

const UNKNOWN: TokenOutcome = { ok: false, kind: 'unknown' };

/** No connection was made, so nothing was sent. */
const NOT_SENT: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'EMFILE',
  'EPROTO',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
];
/** Certificates and handshakes: before them nothing of ours leaves. */
const NOT_TRUSTED = /^(CERT_|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/;

/** What the library's errors hold of an answer: all of it, or with text that is no JSON, or what came before it broke off. */
const answer = z.object({
  res: z.instanceof(IncomingMessage),
  isResponseError: z.literal(true).optional(),
  payload: z.unknown().optional(),
});

/**
 * What a failed token call leaves us with. The library's errors hold the answer, the request and what was sent with it,
 * so nothing of them goes further than here; `read` judges a JSON answer.
 */
export function outcomeOf(error: unknown, read: (json: unknown) => TokenOutcome | undefined): TokenOutcome {
  if (!(error instanceof Error)) return UNKNOWN;
  const found = answer.safeParse('data' in error ? error.data : undefined);
  if (!found.success) return wasSent(error) ? UNKNOWN : { ok: false, kind: 'later' };
  const { res, isResponseError, payload } = found.data;
  // After a time-out the library lets the rest of the answer run on.
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

function wasSent(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return !NOT_SENT.includes(code) && !NOT_TRUSTED.test(code) && !('syscall' in error && error.syscall === 'connect');
}
