import { addressOf } from '../base.ts';
import type { ProviderSettings } from '../provider.ts';
import type { Secret } from '../secret.ts';
import { outcomeOf } from './failure.ts';
import { openLibrary } from './library.ts';
import type { OAuth, OAuthClient, TokenOutcome } from './oauth.ts';
import { readAnswer } from './tokens.ts';

type Library = Awaited<ReturnType<typeof openLibrary>>;

/** Of a token answer; real ones are below 10 kB. */
const MAX_BYTES = 1_000_000;

/**
 * The OAuth calls of one provider, on simple-oauth2. `timeoutMs` bounds the wait for an answer's head, and once more for its body.
 * Token calls never throw; `authorizeUrl` throws a TypeError without a client id.
 */
export function createOAuthClient(options: {
  readonly provider: { readonly id: string; readonly oauth: OAuth };
  readonly settings: ProviderSettings;
  readonly nowMs: () => number;
  readonly timeoutMs?: number;
}): OAuthClient {
  const { provider, settings, nowMs, timeoutMs = 15_000 } = options;
  const { oauth } = provider;
  const read = (json: unknown): TokenOutcome | undefined => readAnswer(oauth, json, nowMs());

  const open = (secret: Secret | undefined): Promise<Library> => {
    const authorize = new URL(addressOf(oauth.authorizeUrl, settings.baseUrl));
    const token = new URL(addressOf(oauth.tokenUrl, settings.baseUrl));
    return openLibrary({
      client: { id: settings.clientId ?? '', secret: secret?.reveal() ?? '' },
      auth: {
        authorizeHost: authorize.origin,
        authorizePath: `${authorize.pathname}${authorize.search}`,
        tokenHost: token.origin,
        tokenPath: `${token.pathname}${token.search}`,
      },
      options: { scopeSeparator: oauth.scopeSeparator, authorizationMethod: oauth.clientAuth },
      // `force`: tokens that came as text/plain are tokens too. With 0 redirects a redirect is an error, without it an answer.
      http: { json: 'force', timeout: timeoutMs, maxBytes: MAX_BYTES, redirects: 0, redirect303: true },
    });
  };

  const ask = async (secret: Secret, call: (library: Library) => Promise<{ readonly token: object }>) => {
    try {
      const { token } = await call(await open(secret));
      return read(asSent(token)) ?? ({ ok: false, kind: 'unknown' } as const);
    } catch (error) {
      return outcomeOf(error, read);
    }
  };

  /** While a secret is replaced the provider knows one of two; a call it refuses for that has used nothing up. */
  const askAll = async (call: (library: Library) => Promise<{ readonly token: object }>): Promise<TokenOutcome> => {
    let outcome: TokenOutcome = { ok: false, kind: 'later' };
    if (settings.clientId === undefined) return outcome;
    for (const secret of settings.clientSecrets ?? []) {
      outcome = await ask(secret, call);
      if (outcome.ok || outcome.kind !== 'refused' || outcome.error !== 'invalid_client') return outcome;
    }
    return outcome;
  };

  return {
    async authorizeUrl({ redirectUri, state, challenge }) {
      if (settings.clientId === undefined) throw new TypeError(`oauth: ${provider.id} has no client id`);
      const library = await open(undefined);
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
