import * as z from 'zod';
import { type ApiAnswer, type Verdict, judgeByStatus } from './api.ts';
import { readJson } from './json.ts';
import type { TokenReading } from './oauth/oauth.ts';

/** For providers that answer HTTP 200 to errors, with a `status` in the body: 0 is success, the families are spans as text, `100-102 401`. */
export interface StatusTable {
  readonly unauthorised: string;
  readonly forbidden: string;
  readonly gone: string;
  readonly refused: string;
  readonly limited: string;
  /** Seconds to wait when limited, as text: nothing in the answer says it. */
  readonly limitedS: string;
  /** Statuses at the token endpoint that alone say the code or refresh token is no good. */
  readonly badGrant: string;
  /** What single statuses mean, in words for people. */
  readonly meanings: Readonly<Record<number, string>>;
}

const envelope = z.object({
  status: z.number().int(),
  error: z.string().nullish(),
  body: z.unknown().optional(),
});

/** An answer with data: they lie under `body`, an object even where there are none. */
export const withBody = z.object({ status: z.literal(0), body: z.looseObject({}) });

/** The judge of a provider by its table; a status in no family is the provider's own trouble: later. */
export function judgeByBody(name: string, table: StatusTable): (answer: ApiAnswer) => Verdict {
  const isOf = families(table);
  return (answer) => {
    const byStatus = judgeByStatus(answer);
    if (byStatus.kind !== 'ok') return byStatus;
    const json = readJson(answer.body);
    const read = envelope.safeParse(json.ok ? JSON.parse(json.text) : undefined);
    if (!read.success) return { kind: 'later', detail: `${name} answered something that is no answer of its API.` };
    const { status } = read.data;
    if (status === 0) return { kind: 'ok' };
    const meaning = table.meanings[status];
    const detail = `${name} answered status ${status}${meaning === undefined ? '' : `: ${meaning}`}.`;
    if (isOf.unauthorised(status)) return { kind: 'unauthorised' };
    if (isOf.forbidden(status)) return { kind: 'forbidden', detail };
    if (isOf.gone(status)) return { kind: 'gone' };
    if (isOf.limited(status)) return { kind: 'limited', retryAfter: table.limitedS };
    return isOf.refused(status) ? { kind: 'refused', detail } : { kind: 'later', detail };
  };
}

/** The tokens of such an answer, which lie under its `body`. */
export function tokensInBody(table: StatusTable): (json: unknown) => TokenReading {
  const isOf = families(table);
  return (json) => {
    const read = envelope.safeParse(json);
    // Neither tokens nor a refusal: whoever looks for an access token finds none.
    if (!read.success) return { ok: true, tokens: {} };
    const { status, error, body } = read.data;
    if (status === 0) return { ok: true, tokens: z.record(z.string(), z.unknown()).safeParse(body).data ?? {} };
    if (isOf.limited(status)) return { ok: false, error: 'temporarily_unavailable', retryAfter: table.limitedS };
    const isInvalid = isOf.badGrant(status) || isOf.unauthorised(status) || isOf.refused(status);
    if (isInvalid) return { ok: false, error: wordOf(error ?? '', isOf.badGrant(status)) };
    return { ok: false, error: isOf.forbidden(status) ? 'unauthorized_client' : 'temporarily_unavailable' };
  };
}

/** Only `invalid_grant` and `invalid_client` end a connection, so they need the word as well as the number. */
function wordOf(error: string, isBadGrant: boolean): string {
  if (/\binvalid[ _:]+(code|refresh[ _]?token|token)\b/i.test(error)) return 'invalid_grant';
  if (/client|secret/i.test(error)) return 'invalid_client';
  return isBadGrant && /^(invalid params)?$/i.test(error.trim()) ? 'invalid_grant' : 'invalid_request';
}

function families({ unauthorised, forbidden, gone, refused, limited, badGrant }: StatusTable) {
  return {
    unauthorised: spans(unauthorised),
    forbidden: spans(forbidden),
    gone: spans(gone),
    refused: spans(refused),
    limited: spans(limited),
    badGrant: spans(badGrant),
  };
}

/** `100-102 401` as a test of membership. */
function spans(text: string): (status: number) => boolean {
  const bounds = text.split(' ').map((span) => span.split('-').map(Number));
  return (status) => bounds.some(([from = 0, to = from]) => from <= status && status <= to);
}
