/** A request to a provider, as data. The address is the one the provider documents; an override of the base comes later. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Absolute, https, without credentials. */
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  /** At most one of `form` and `json`. */
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back, read whole. */
export interface ApiAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What an answer means, whatever its HTTP status says. */
export type Verdict =
  | { readonly kind: 'ok' }
  /** The access token is not accepted. */
  | { readonly kind: 'unauthorised' }
  /** A scope or a membership is missing; asking again changes nothing. `detail` is for people. */
  | { readonly kind: 'forbidden'; readonly detail: string }
  /** The thing asked for, or the whole door, is no longer there. */
  | { readonly kind: 'gone' }
  /** `retryAfter`: the header's text, or seconds as text, as far as the provider says. */
  | { readonly kind: 'limited'; readonly retryAfter?: string | undefined }
  /** Our request is wrong; asking again changes nothing. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** The provider's own failure: ask again later. */
  | { readonly kind: 'later'; readonly detail: string };

/** The verdict of a provider that means what its HTTP status says. */
export function judgeByStatus({ status, headers }: ApiAnswer): Verdict {
  if (status >= 200 && status < 300) return { kind: 'ok' };
  if (status === 401) return { kind: 'unauthorised' };
  if (status === 403) return { kind: 'forbidden', detail: 'The provider answered 403.' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  if (status === 429) return { kind: 'limited', retryAfter: headers['retry-after'] };
  if (status >= 400 && status < 500) return { kind: 'refused', detail: `The provider answered ${status}.` };
  return { kind: 'later', detail: `The provider answered ${status}.` };
}
