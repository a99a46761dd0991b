import type { ApiRequest } from '../api.ts';
import type { ProviderSettings } from '../provider.ts';
import type { Secret } from '../secret.ts';

/** A provider's OAuth 2.0 side (RFC 6749, 7636, 7009), as data. */
export interface OAuth {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** What is asked for, each scope with what it opens in words a person understands: `{'user.metrics': 'weight and blood pressure'}`. Empty: the provider knows no scopes. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly scopeSeparator: ' ' | ',';
  /** What may be read is chosen in the portal and on the consent page, so no scope is asked for by name. */
  readonly scopesInPortal?: boolean;
  readonly pkce: boolean;
  /** The value of `iss` (RFC 9207) where the provider sends it. */
  readonly issuer?: string;
  /** Where client id and secret go at the token endpoint. */
  readonly clientAuth: 'header' | 'body';
  /** Further query parameters of the authorize address. */
  readonly authorizeFields?: Readonly<Record<string, string>>;
  /** Further fields of every token call (Withings: `action`). */
  readonly tokenFields?: Readonly<Record<string, string>>;
  /** Where tokens lie in the answer, for providers that wrap them or answer 200 to errors; RFC 6749 when absent. */
  readonly readTokens?: (json: unknown) => TokenReading;
  /** Whose account a grant is for: asked before anything is saved. */
  readonly account:
    | { readonly field: string }
    | { readonly request: ApiRequest; readonly read: (json: unknown) => string | undefined };
  /** What was granted, where the token answer does not say it. */
  readonly granted?: { readonly request: ApiRequest; readonly read: (json: unknown) => readonly string[] | undefined };
  readonly refresh: {
    /** Each refresh gives a new refresh token and the old one ends. */
    readonly rotates: boolean;
    /** Seconds an old refresh token is still accepted after its successor was given: only then may it be presented again after an unknown outcome. */
    readonly graceS?: number;
    /** Seconds after which an unused refresh token ends. */
    readonly lapsesS?: number;
    /** Seconds before the end of an access token at which it is renewed; 900 when absent. */
    readonly marginS?: number;
  };
  /** Ends a grant at the provider; undefined where it offers nothing. Answers whether the provider agreed. */
  readonly revoke?: (context: RevokeContext) => Promise<boolean>;
  /** `token`: `revoke` ends the one grant it is given; absent: it may end every grant of the account. */
  readonly revokes?: 'token';
}

export interface RevokeContext {
  readonly tokens: Tokens;
  readonly externalId: string;
  readonly settings: ProviderSettings;
  /** Unix s. */
  readonly nowS: number;
  /** Sends, and answers the parsed JSON of an answer that was `ok` by the provider's own judgement, null for an empty one; undefined when it was not. */
  readonly send: (request: ApiRequest, bearer?: Secret) => Promise<unknown>;
}

/** What a grant is worth now. */
export interface Tokens {
  readonly access: Secret;
  /** Null where the provider gives none. */
  readonly refresh: Secret | null;
  /** Unix ms; null where the provider does not say. */
  readonly expiresAt: number | null;
  /** As granted; null where the answer does not say. */
  readonly scopes: readonly string[] | null;
  /** Other fields of the answer that are neither tokens nor secret, as text: `userid`. */
  readonly fields: Readonly<Record<string, string>>;
}

export type TokenReading =
  | { readonly ok: true; readonly tokens: TokenFields }
  /** `error` in the words of RFC 6749 5.2 (`invalid_grant`), whatever the provider calls it. */
  | { readonly ok: false; readonly error: string; readonly retryAfter?: string };

/** The members of RFC 6749 5.1, still as the provider wrote them. */
export type TokenFields = Readonly<Record<string, unknown>>;

export type TokenOutcome =
  | { readonly ok: true; readonly tokens: Tokens }
  /** The provider said no. Only `invalid_grant` and `invalid_client` end a connection. */
  | { readonly ok: false; readonly kind: 'refused'; readonly error: string }
  /** Nothing was issued: never sent, 429, or a whole answer that says "not now". */
  | { readonly ok: false; readonly kind: 'later'; readonly retryAfter?: string | undefined }
  /** Tokens may have been issued and lost: time-out, broken line, 502, 504, an answer that cannot be read. */
  | { readonly ok: false; readonly kind: 'unknown' };

/** The calls of one provider's OAuth side; made by `createOAuthClient`. */
export interface OAuthClient {
  authorizeUrl(flow: {
    readonly redirectUri: string;
    readonly state: string;
    readonly challenge?: string | undefined;
  }): Promise<string>;
  exchange(grant: {
    readonly code: string;
    readonly redirectUri: string;
    readonly verifier?: string | undefined;
  }): Promise<TokenOutcome>;
  refresh(token: Secret): Promise<TokenOutcome>;
}
