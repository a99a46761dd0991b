import type { ServerResponse } from 'node:http';
import nock from 'nock';
import { afterEach, describe, expect, test } from 'vitest';
import { createOAuthClient } from '../../../../providers/kit/oauth/client.ts';
import type { OAuth, TokenOutcome } from '../../../../providers/kit/oauth/oauth.ts';
import { Secret } from '../../../../providers/kit/secret.ts';
import { openAnswering } from '../../../support/answering.ts';

const NOW = 1_700_000_000_000;
const plain: OAuth = {
  authorizeUrl: 'https://door.example/authorize',
  tokenUrl: 'https://api.example/oauth/token',
  scopes: { weight: 'weight', sleep: 'nights' },
  scopeSeparator: ',',
  pkce: true,
  clientAuth: 'body',
  authorizeFields: { prompt: 'consent' },
  tokenFields: { action: 'requesttoken' },
  account: { field: 'userid' },
  refresh: { rotates: false },
};

function clientAt(baseUrl: string | undefined, changes: Partial<OAuth> = {}, secrets = ['s3cr3t'], timeoutMs = 30_000) {
  return createOAuthClient({
    provider: { id: 'example', oauth: { ...plain, ...changes } },
    settings: { clientId: 'our id', clientSecrets: secrets.map((text) => new Secret(text)), baseUrl },
    nowMs: () => NOW,
    timeoutMs,
  });
}

const grant = {
  code: 'the-code',
  redirectUri: 'https://well.example/oauth/example/callback',
  verifier: 'v'.repeat(43),
};
const GOOD = { access_token: 'aaa', refresh_token: 'rrr', expires_in: 3600, token_type: 'Bearer', scope: 'weight' };

/** What tells outcomes apart, without the secrets' wrappers. */
function seen(outcome: TokenOutcome): unknown {
  if (!outcome.ok) return outcome;
  const { access, refresh, ...rest } = outcome.tokens;
  return { access: access.reveal(), refresh: refresh?.reveal() ?? null, ...rest };
}
const tokens = (more: object = {}) => ({
  access: 'aaa',
  refresh: 'rrr',
  expiresAt: NOW + 3_600_000,
  scopes: ['weight'],
  fields: {},
  ...more,
});
const UNKNOWN = { ok: false, kind: 'unknown' };
const LATER = { ok: false, kind: 'later', retryAfter: undefined };
const refused = (error: string) => ({ ok: false, kind: 'refused', error });

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const text =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
const good = (more: object) => json(200, { ...GOOD, ...more });

/** Says yes by a number in the body, as some do. */
const read: OAuth['readTokens'] = (body) =>
  JSON.stringify(body).includes('"status":0')
    ? { ok: true, tokens: { access_token: 'aaa', userid: '7' } }
    : { ok: false, error: 'invalid_grant' };

describe('what an answer of the token endpoint means', () => {
  test.each<[string, (response: ServerResponse) => void, unknown]>([
    ['tokens', good({}), tokens()],
    ['tokens called text', text(200, JSON.stringify(GOOD)), tokens()],
    ['a life written as text', good({ expires_in: '3600' }), tokens()],
    ['a life over already', good({ expires_in: -5 }), tokens({ expiresAt: null })],
    ['a life of nothing', good({ expires_in: 0 }), tokens({ expiresAt: null })],
    ['no life', good({ expires_in: undefined }), tokens({ expiresAt: null })],
    ['a life that is no number', good({ expires_in: 'soon' }), tokens({ expiresAt: null })],
    ['a life of thirty thousand years', good({ expires_in: 1e12 }), tokens({ expiresAt: null })],
    ['no refresh token', good({ refresh_token: undefined }), tokens({ refresh: null })],
    ['an empty refresh token', good({ refresh_token: '' }), tokens({ refresh: null })],
    ['no scope', good({ scope: undefined }), tokens({ scopes: null })],
    ['scopes with blanks', good({ scope: 'weight  sleep' }), tokens({ scopes: ['weight', 'sleep'] })],
    ['the id as a number', good({ userid: 42 }), tokens({ fields: { userid: '42' } })],
    [
      'the id beyond exact numbers',
      text(200, JSON.stringify(GOOD).replace('{', '{"userid":9007199254740993,')),
      tokens(),
    ],
    ['another secret beside the tokens', good({ csrf_token: 'hidden' }), tokens()],
    ['a token type nobody knows', good({ token_type: 'mac' }), UNKNOWN],
    ['a refresh token that is a number', good({ refresh_token: 7 }), UNKNOWN],
    ['an access token with a line end', good({ access_token: 'a\r\nx: y' }), UNKNOWN],
    ['no access token', good({ access_token: undefined }), UNKNOWN],
    ['nothing, 204', (response) => void response.writeHead(204).end(), UNKNOWN],
    ['nothing, 200', text(200, ''), UNKNOWN],
    ['null', json(200, null), UNKNOWN],
    ['a list', json(200, [GOOD]), UNKNOWN],
    ['a page', text(200, '<html>Sign in</html>'), UNKNOWN],
    ['half a document', text(200, '{"access_token":"aaa",'), UNKNOWN],
    ['a document that changes prototypes', text(200, '{"access_token":"aaa","__proto__":{"x":1}}'), UNKNOWN],
    ['an error with 200', json(200, { error: 'invalid_grant' }), refused('invalid_grant')],
    ['an error with 400', json(400, { error: 'invalid_grant' }), refused('invalid_grant')],
    ['an error with 401', json(401, { error: 'invalid_client' }), refused('invalid_client')],
    ['an error that is markup', json(400, { error: '<b>"no"</b>' }), LATER],
    ['"not now" with 400', json(400, { error: 'temporarily_unavailable' }), LATER],
    ['tokens with 400', json(400, GOOD), UNKNOWN],
    ['a refusal in other words', json(403, { message: 'Forbidden' }), { ok: false, kind: 'later' }],
    ['a page with 403', text(403, '<html>no</html>'), { ok: false, kind: 'later' }],
    ['429', json(429, {}, { 'retry-after': '17' }), { ...LATER, retryAfter: '17' }],
    ['500', json(500, { error: 'invalid_grant' }), LATER],
    ['a page with 503', text(503, '<html>', { 'retry-after': '60' }), { ...LATER, retryAfter: '60' }],
    ['502', json(502, { error: 'invalid_grant' }), UNKNOWN],
    ['504', text(504, ''), UNKNOWN],
    ['a redirect', json(302, GOOD, { location: '/elsewhere' }), UNKNOWN],
    ['a redirect that changes the method', json(303, GOOD, { location: '/elsewhere' }), UNKNOWN],
    ['a redirect that repeats the form', json(307, GOOD, { location: '/elsewhere' }), UNKNOWN],
    ['more than a megabyte', json(200, { ...GOOD, filler: 'x'.repeat(1_000_001) }), UNKNOWN],
    ['a broken line', (response) => void response.socket?.destroy(), UNKNOWN],
    [
      'a line broken in the middle',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"access', () => response.socket?.destroy());
      },
      UNKNOWN,
    ],
  ])('%s', async (_, answer, wanted) => {
    const { url, asked } = await openAnswering(answer);
    expect(seen(await clientAt(url).exchange(grant))).toEqual(wanted);
    expect(asked).toHaveLength(1);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['silence', () => undefined],
    ['half an answer and silence', (response) => void response.writeHead(200).write('{"access')],
  ])('%s', async (_, answer) => {
    const { url, asked } = await openAnswering(answer);
    const client = clientAt(url, {}, ['s3cr3t'], 2000);
    // The library is loaded here, so that the time of the call is the call's alone.
    await client.authorizeUrl({ redirectUri: grant.redirectUri, state: 's' });
    expect(seen(await client.exchange(grant))).toEqual(UNKNOWN);
    expect(asked).toHaveLength(1);
  });

  test('a door nobody opens is a reason to come later', async () => {
    expect(await clientAt('http://127.0.0.1:1').exchange(grant)).toEqual({ ok: false, kind: 'later' });
  });

  test('a provider that wraps its answer says itself where the tokens are', async () => {
    const yes = await openAnswering(json(200, { status: 0, body: { access_token: 'aaa' } }));
    const no = await openAnswering(json(200, { status: 503 }));
    const found = await clientAt(yes.url, { readTokens: read }).exchange(grant);
    expect(seen(found)).toEqual(tokens({ refresh: null, expiresAt: null, scopes: null, fields: { userid: '7' } }));
    expect(await clientAt(no.url, { readTokens: read }).exchange(grant)).toEqual(refused('invalid_grant'));
  });
});

describe('what is sent', () => {
  afterEach(() => nock.cleanAll());

  test('the code, the redirect address and the verifier, with our secret in the form', async () => {
    const { url, asked } = await openAnswering(good({}));
    await clientAt(`${url}/example/`).exchange(grant);
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/example/oauth/token' });
    expect(asked[0]?.form).toEqual({
      grant_type: 'authorization_code',
      action: 'requesttoken',
      code: 'the-code',
      redirect_uri: grant.redirectUri,
      code_verifier: grant.verifier,
      client_id: 'our id',
      client_secret: 's3cr3t',
    });
    expect(asked[0]?.headers.authorization).toBeUndefined();
  });

  test('or the secret in the header, encoded as RFC 6749 2.3.1 says', async () => {
    const { url, asked } = await openAnswering(good({}));
    await clientAt(url, { clientAuth: 'header' }, ['s:3']).exchange(grant);
    const wanted = Buffer.from('our+id:s%3A3').toString('base64');
    expect(asked[0]?.headers.authorization).toBe(`Basic ${wanted}`);
    expect(asked[0]?.form).not.toHaveProperty('client_secret');
  });

  test('the documented address, when no other is set', async () => {
    const scope = nock('https://api.example').post('/oauth/token').reply(200, GOOD);
    expect(await clientAt(undefined).exchange(grant)).toMatchObject({ ok: true });
    expect(scope.isDone()).toBe(true);
  });

  test('a refresh keeps the token it was made with, where no new one comes', async () => {
    const { url, asked } = await openAnswering((response, { form }) => {
      const next = form['refresh_token'] === 'old' ? undefined : 'new';
      good({ refresh_token: next })(response);
    });
    expect(seen(await clientAt(url).refresh(new Secret('old')))).toEqual(tokens({ refresh: 'old' }));
    expect(seen(await clientAt(url).refresh(new Secret('older')))).toEqual(tokens({ refresh: 'new' }));
    expect(asked[0]?.form).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'old', action: 'requesttoken' });
  });

  test('the older secret too, while the provider does not know the newer one', async () => {
    const { url, asked } = await openAnswering((response, { form }) =>
      form['client_secret'] === 'older' ? good({})(response) : json(401, { error: 'invalid_client' })(response),
    );
    expect(await clientAt(url, {}, ['newer', 'older']).exchange(grant)).toMatchObject({ ok: true });
    expect(asked.map(({ form }) => form['client_secret'])).toEqual(['newer', 'older']);
  });

  test('nothing, while no secret is set', async () => {
    const { url, asked } = await openAnswering(good({}));
    expect(await clientAt(url, {}, []).exchange(grant)).toEqual({ ok: false, kind: 'later' });
    expect(asked).toEqual([]);
  });
});

describe('the address a person is sent to', () => {
  const flow = { redirectUri: grant.redirectUri, state: 'st', challenge: 'ch' };

  test('asks for the scopes in one parameter, with the S256 challenge and without a secret', async () => {
    const url = new URL(await clientAt(undefined).authorizeUrl(flow));
    expect(`${url.origin}${url.pathname}`).toBe('https://door.example/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'our id',
      redirect_uri: grant.redirectUri,
      scope: 'weight,sleep',
      state: 'st',
      code_challenge: 'ch',
      code_challenge_method: 'S256',
      prompt: 'consent',
    });
  });

  test('names no scope where they are chosen in the portal', async () => {
    const address = await clientAt('http://127.0.0.1:9/example', { scopesInPortal: true }).authorizeUrl(flow);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:9\/example\/authorize\?/);
    expect(new URL(address).searchParams.has('scope')).toBe(false);
  });
});
