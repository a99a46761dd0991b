import { Secret } from '../secret.ts';
import type { OAuth, TokenFields, TokenOutcome } from './oauth.ts';

/** What travels in headers and form fields without changing its meaning there. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;
/** Ten years: beyond it a life is a mistake, such as milliseconds for seconds. */
const LONGEST_LIFE_S = 315_360_000;
/** Words of RFC 6749 4.1.2.1 and RFC 8628 3.5 that mean "not now". */
const NOT_NOW: readonly string[] = ['temporarily_unavailable', 'server_error', 'slow_down'];

type Rules = Pick<OAuth, 'readTokens' | 'account'>;

/** What a whole JSON answer of the token endpoint says; undefined when it says neither yes nor no. */
export function readAnswer(rules: Rules, json: unknown, nowMs: number): TokenOutcome | undefined {
  const read = rules.readTokens;
  if (read === undefined)
    return isRecord(json) ? (refusalOf(json['error']) ?? tokensOf(rules, json, nowMs)) : undefined;
  const reading = read(json);
  if (reading.ok) return tokensOf(rules, reading.tokens, nowMs);
  return refusalOf(reading.error, reading.retryAfter);
}

function refusalOf(error: unknown, retryAfter?: string): TokenOutcome | undefined {
  // The alphabet of RFC 6749 5.2; anything else is not repeated.
  if (typeof error !== 'string' || !/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(error)) return undefined;
  return NOT_NOW.includes(error) ? { ok: false, kind: 'later', retryAfter } : { ok: false, kind: 'refused', error };
}

function tokensOf(rules: Rules, fields: TokenFields, nowMs: number): TokenOutcome | undefined {
  const { access_token: access, refresh_token: refresh, token_type: type } = fields;
  if (typeof access !== 'string' || !TOKEN.test(access)) return undefined;
  // RFC 6749 7.1: a type that is not understood must not be used.
  if (type !== undefined && (typeof type !== 'string' || type.toLowerCase() !== 'bearer')) return undefined;
  const none = refresh === undefined || refresh === null || refresh === '';
  if (!none && (typeof refresh !== 'string' || !TOKEN.test(refresh))) return undefined;
  return {
    ok: true,
    tokens: {
      access: new Secret(access),
      refresh: none ? null : new Secret(refresh),
      expiresAt: expiryOf(fields['expires_in'], nowMs),
      scopes: scopesOf(fields['scope']),
      fields: accountField(rules, fields),
    },
  };
}

/** Unix ms; null for a life that is absent, over already, or no number. */
function expiryOf(expiresIn: unknown, nowMs: number): number | null {
  const text = typeof expiresIn === 'number' ? String(expiresIn) : expiresIn;
  if (typeof text !== 'string' || !/^\d{1,9}(\.\d+)?$/.test(text)) return null;
  const lifeS = Number(text);
  return lifeS > 0 && lifeS <= LONGEST_LIFE_S ? nowMs + Math.floor(lifeS * 1000) : null;
}

function scopesOf(scope: unknown): readonly string[] | null {
  if (typeof scope === 'string') return scopeList(scope);
  if (Array.isArray(scope) && scope.every((one) => typeof one === 'string')) return scopeList(scope.join(' '));
  return null;
}

/** Scopes as providers write them: separated by blanks or commas, whichever they ask for themselves. */
export function scopeList(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((one) => one !== ''))];
}

/** The account's id alone: the rest of an answer may be secret without saying so. */
function accountField({ account }: Rules, fields: TokenFields): Readonly<Record<string, string>> {
  if (!('field' in account)) return {};
  const id = fields[account.field];
  // A larger number has lost digits, and would be somebody else's id.
  const text = typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : id;
  return typeof text === 'string' && text !== '' ? { [account.field]: text } : {};
}

function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
