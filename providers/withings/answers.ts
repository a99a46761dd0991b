import * as z from 'zod';
import { type ApiAnswer, type Verdict, judgeByStatus } from '../kit/api.ts';
import { readJson } from '../kit/json.ts';
import type { TokenReading } from '../kit/oauth/oauth.ts';

/** Every answer: HTTP 200 and a status of its own. */
const envelope = z.object({ status: z.number().int(), error: z.string().optional(), body: z.unknown() });

/** The families of the official status table; what is in none of them is Withings' own trouble. */
const UNAUTHORISED = spans('100-102 200 401');
const FORBIDDEN = spans('214 277 2553-2555');
const GONE = spans('286 343');
const REFUSED = spans(
  '201-213 216-218 220 221 223 225 227-230 234-236 238 240-252 254 260-267 271 272 275 276 283-285 287 288 290 293-295 297 ' +
    '300-304 321 323-342 344-353 380-382 400 501-511 523 532 3017-3019',
);
const LIMITED = 601;
/** Seconds to wait after 601: nothing in the answer says it. */
const LIMITED_S = '60';

const MEANINGS: ReadonlyMap<number, string> = new Map([
  [247, 'a wrong user id'],
  [250, 'the token is another account’s'],
  [293, 'the callback address cannot be reached or is not the one in the dashboard'],
  [294, 'the subscription cannot be deleted'],
  [328, 'the account was deactivated'],
  [342, 'a wrong signature'],
]);

/** What an answer means: by its `status`, the HTTP status being 200 for errors too. */
export function judge(answer: ApiAnswer): Verdict {
  const byStatus = judgeByStatus(answer);
  if (byStatus.kind !== 'ok') return byStatus;
  const json = readJson(answer.body);
  const read = envelope.safeParse(json.ok ? JSON.parse(json.text) : undefined);
  if (!read.success) return { kind: 'later', detail: 'Withings answered something that is no answer of its API.' };
  const { status } = read.data;
  if (status === 0) return { kind: 'ok' };
  const meaning = MEANINGS.get(status);
  const detail = `Withings answered status ${status}${meaning === undefined ? '' : `: ${meaning}`}.`;
  if (UNAUTHORISED(status)) return { kind: 'unauthorised' };
  if (FORBIDDEN(status)) return { kind: 'forbidden', detail };
  if (GONE(status)) return { kind: 'gone' };
  if (status === LIMITED) return { kind: 'limited', retryAfter: LIMITED_S };
  return REFUSED(status) ? { kind: 'refused', detail } : { kind: 'later', detail };
}

const tokens = z.object({
  access_token: z.unknown(),
  refresh_token: z.unknown(),
  expires_in: z.unknown(),
  scope: z.unknown(),
  token_type: z.unknown(),
  userid: z.union([z.string(), z.number().int()]).optional(),
});

/** The tokens of an answer: they lie under `body`, beside a `csrf_token` that is left out. */
export function readTokens(json: unknown): TokenReading {
  const read = envelope.safeParse(json);
  // Neither tokens nor a refusal: whoever looks for an access token finds none.
  if (!read.success) return { ok: true, tokens: {} };
  const { status, error = '', body } = read.data;
  if (status !== 0) return refusal(status, error);
  const { data } = tokens.safeParse(body);
  return { ok: true, tokens: data === undefined ? {} : { ...data, userid: data.userid?.toString() } };
}

/**
 * Only `invalid_grant` and `invalid_client` end a connection, so they need the word as well as the number: 503 is said of
 * every wrong parameter, and 401 of a token that is not accepted.
 */
function refusal(status: number, error: string): TokenReading {
  if (status === LIMITED) return { ok: false, error: 'temporarily_unavailable', retryAfter: LIMITED_S };
  const isInvalid = status === 503 || UNAUTHORISED(status) || REFUSED(status);
  if (!isInvalid) return { ok: false, error: FORBIDDEN(status) ? 'unauthorized_client' : 'temporarily_unavailable' };
  if (/client|secret/i.test(error)) return { ok: false, error: 'invalid_client' };
  if (/code|token/i.test(error) && !/redirect/i.test(error)) return { ok: false, error: 'invalid_grant' };
  // By the documents 503 is what a wrong or expired code or refresh token gives.
  if (status === 503 && /^(invalid params)?$/i.test(error.trim())) return { ok: false, error: 'invalid_grant' };
  return { ok: false, error: 'invalid_request' };
}

/** `100-102 401` as a test of membership. */
function spans(text: string): (status: number) => boolean {
  const bounds = text.split(' ').map((span) => span.split('-').map(Number));
  return (status) => bounds.some(([from = 0, to = from]) => from <= status && status <= to);
}
