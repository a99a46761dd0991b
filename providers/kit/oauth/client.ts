import type { AuthorizationCode } from 'simple-oauth2';
import { addressOf } from '../base.ts';
import type { ProviderSettings } from '../provider.ts';
import type { Secret } from '../secret.ts';
import { outcomeOf } from './failure.ts';
import { loadLibrary } from './library.ts';
import { openLine } from './line.ts';
import type { OAuth, OAuthClient, TokenOutcome } from './oauth.ts';
import { readAnswer } from './tokens.ts';

type Call = (library: AuthorizationCode) => Promise<{ readonly token: object }>;

/** For everything of a call, from the first packet to the last byte, with every secret that is tried. */
export const TIMEOUT_MS = 20_000;
/** Of a token answer; real ones are below 10 kB. */
const MAX_BYTES = 1_000_000;

/**
 * The OAuth calls of one provider, on simple-oauth2. `timeoutMs` bounds a call as a whole; 20 s when absent.
 * Token calls never throw; `authorizeUrl` throws a TypeError without a client id.
 */
export function createOAuthClient(options: {
  readonly provider: { readonly id: string; readonly oauth: OAuth };
  readonly settings: ProviderSettings;
  readonly nowMs: () => number;
  readonly timeoutMs?: number;
}): OAuthClient {
  const { provider, settings, nowMs, timeoutMs = TIMEOUT_MS } = options;
  const { oauth } = provider;
  const tokenUrl = new URL(addressOf(oauth.tokenUrl, settings.baseUrl));
  const read = (json: unknown): TokenOutcome | undefined => readAnswer(oauth, json, nowMs());

  const open = (Library: typeof AuthorizationCode, secret?: Secret, http: object = {}): AuthorizationCode => {
    const authorize = new URL(addressOf(oauth.authorizeUrl, settings.baseUrl));
    return new Library({
      client: { id: settings.clientId ?? '', secret: secret?.reveal() ?? '' },
      auth: {
        authorizeHost: authorize.origin,
        authorizePath: `${authorize.pathname}${authorize.search}`,
        tokenHost: tokenUrl.origin,
        tokenPath: `${tokenUrl.pathname}${tokenUrl.search}`,
      },
      options: { scopeSeparator: oauth.scopeSeparator, authorizationMethod: oauth.clientAuth },
      // `force`: tokens that came as text/plain are tokens too. With 0 redirects a redirect is an error, without it an answer.
      http: { json: 'force', maxBytes: MAX_BYTES, redirects: 0, redirect303: true, ...http },
    });
  };

  const ask = async (Library: typeof AuthorizationCode, secret: Secret, call: Call, deadline: AbortSignal) => {
    const { agent, isOpened } = openLine(tokenUrl, deadline);
    try {
      const { token } = await call(open(Library, secret, { agent }));
      return read(asSent(token)) ?? ({ ok: false, kind: 'unknown' } as const);
    } catch (error) {
      return outcomeOf(error, { sent: isOpened(), read });
    }
  };

  /** While a secret is replaced the provider knows one of two; a call it refuses for that has used nothing up. */
  const askAll = async (call: Call): Promise<TokenOutcome> => {
    let outcome: TokenOutcome = { ok: false, kind: 'later' };
    // A library that is not there, as while it is being replaced, has sent nothing.
    const Library = await loadLibrary().catch(() => undefined);
    if (Library === undefined || settings.clientId === undefined) return outcome;
    const deadline = AbortSignal.timeout(timeoutMs);
    // What begins later than that may be cut off when the provider has already acted on it.
    const latest = AbortSignal.timeout(timeoutMs / 2);
    for (const secret of settings.clientSecrets ?? []) {
      if (latest.aborted) return { ok: false, kind: 'later' };
      outcome = await ask(Library, secret, call, deadline);
      if (outcome.ok || outcome.kind !== 'refused' || outcome.error !== 'invalid_client') return outcome;
    }
    return outcome;
  };

  return {
    async authorizeUrl({ redirectUri, state, challenge }) {
      if (settings.clientId === undefined) throw new TypeError(`oauth: ${provider.id} has no client id`);
      const library = open(await loadLibrary());
      const scope = oauth.scopesInPortal === true ? [] : Object.keys(oauth.scopes);
      return library.authorizeURL({
        ...oauth.authorizeFields,
        redirect_uri: redirectUri,
        state,
        ...(scope.length > 0 && { scope }),
        ...(challenge !== undefined && { code_challenge: challenge, code_challenge_method: 'S256' }),
      });
    },
    exchange: ({ code, redirectUri, verifier }) =>
      askAll((library) =>
        library.getToken({
          ...oauth.tokenFields,
          code,
          redirect_uri: redirectUri,
          ...(verifier !== undefined && { code_verifier: verifier }),
        }),
      ),
    async refresh(token) {
      const outcome = await askAll((library) =>
        library.createToken({ refresh_token: token.reveal() }).refresh({ ...oauth.tokenFields }),
      );
      if (!outcome.ok || outcome.tokens.refresh !== null) return outcome;
      // RFC 6749 6: without a new one the old one stays.
      return { ok: true, tokens: { ...outcome.tokens, refresh: token } };
    },
  };
}

/** The library adds the end of the token's life, by its own clock. */
function asSent(token: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(token).filter(([, value]) => !(value instanceof Date)));
}
