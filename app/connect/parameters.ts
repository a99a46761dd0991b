/** What a callback says, once it is well formed. */
export type Parameters =
  | { readonly kind: 'code'; readonly state: string; readonly code: string; readonly scope: string | undefined }
  /** RFC 6749 4.1.2.1; `error` only when it is a tame word. */
  | { readonly kind: 'error'; readonly state: string; readonly error: string };

interface Read {
  /** As sent, where it was sent; RFC 9207. */
  readonly iss: string | undefined;
  readonly parameters: Parameters;
}

const ONCE = ['code', 'state', 'error', 'error_description', 'error_uri', 'iss', 'scope'] as const;
/** Ours: 32 bytes as base64url. */
const STATE = /^[A-Za-z0-9_-]{43}$/;
const CODE = /^[\x21-\x7e]{1,4096}$/;
const LONGEST_QUERY = 8192;

/** Reads a callback's query; undefined for one no provider sends: twice the same, too long, no state, neither code nor error or both. */
export function readCallback(search: string): Read | undefined {
  if (search.length > LONGEST_QUERY) return undefined;
  const query = new URLSearchParams(search);
  if (ONCE.some((name) => query.getAll(name).length > 1)) return undefined;
  const value = (name: (typeof ONCE)[number]): string | undefined => query.get(name) ?? undefined;
  const [state, code, error, iss] = [value('state'), value('code'), value('error'), value('iss')];
  if (state === undefined || !STATE.test(state)) return undefined;
  if ((code === undefined) === (error === undefined)) return undefined;
  if (code === undefined) {
    const word = /^[a-z_]{1,60}$/.test(error ?? '') ? (error ?? '') : 'unknown';
    return { iss, parameters: { kind: 'error', state, error: word } };
  }
  return CODE.test(code) ? { iss, parameters: { kind: 'code', state, code, scope: value('scope') } } : undefined;
}
