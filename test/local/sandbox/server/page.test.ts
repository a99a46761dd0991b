import { expect, test } from 'vitest';
import { CALLBACK, DAY_S, held, holding, NOW_S, openSandbox, ouraTokens } from './harness.ts';

const USER = '00000000-0000-4000-8000-00000000000a';
const options = { holdings: [holding('oura', USER, [held('sleep', -1, { knownAtS: NOW_S + DAY_S })])] };
const QUERY = {
  response_type: 'code',
  client_id: 'oura-id',
  redirect_uri: CALLBACK,
  scope: 'daily workout',
  state: 's-1',
};
const authorize = (changes: Readonly<Record<string, string>> = {}) =>
  `/oura/oauth/authorize?${new URLSearchParams({ ...QUERY, ...changes }).toString()}`;

test('the consent page offers the accounts and the scopes, and its form may lead back to the app alone', async () => {
  const { url } = await openSandbox(options);
  const answer = await fetch(`${url}${authorize()}`);
  const text = await answer.text();
  expect(text).toContain(`value="${USER}"`);
  expect([...text.matchAll(/name="granted" value="(\w+)"/g)].map((match) => match[1])).toEqual(['daily', 'workout']);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`form-action 'self' ${new URL(CALLBACK).origin}`);
});

test('what a person ticks is what is granted, and no is told as access_denied', async () => {
  const opened = await openSandbox(options);
  const address = `${opened.url}${authorize()}`;
  const yes = new URL(await opened.consent('oura', address, USER, { scopes: ['workout', 'email'] }));
  expect(`${yes.origin}${yes.pathname}`).toBe(CALLBACK);
  expect([yes.searchParams.get('scope'), yes.searchParams.get('state')]).toEqual(['workout', 's-1']);
  const no = new URL(await opened.consent('oura', address, USER, { deny: true }));
  expect(no.search).toBe('?error=access_denied&state=s-1');
  await expect(opened.consent('oura', address, 'a stranger')).rejects.toThrow('answered 400');
});

test('an app nobody knows, or another address than the registered one, is never redirected to', async () => {
  const credentials = { oura: { clientId: 'oura-id', clientSecret: 'x', redirectUris: [CALLBACK] } };
  const { url } = await openSandbox({ ...options, credentials });
  const statusOf = async (changes: Readonly<Record<string, string>>) => {
    const answer = await fetch(`${url}${authorize(changes)}`, { redirect: 'manual' });
    return [answer.status, answer.headers.get('location')];
  };
  expect(await statusOf({ client_id: 'other' })).toEqual([400, null]);
  expect(await statusOf({ redirect_uri: `${CALLBACK}/` })).toEqual([400, null]);
  expect(await statusOf({ scope: 'everything' })).toEqual([302, `${CALLBACK}?error=invalid_scope&state=s-1`]);
});

test('where PKCE is known a request without a challenge is refused', async () => {
  const opened = await openSandbox({ holdings: [holding('garmin', 'a')] });
  const asked = { ...QUERY, client_id: 'garmin-id' };
  const address = (query: Readonly<Record<string, string>>) =>
    `${opened.url}/garmin/oauth2Confirm?${new URLSearchParams(query).toString()}`;
  await expect(opened.consent('garmin', address(asked), 'a')).rejects.toThrow('answered 400');
  const plain = { ...asked, code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' };
  await expect(opened.consent('garmin', address(plain), 'a')).rejects.toThrow('answered 400');
  await expect(opened.consent('garmin', address({ ...plain, code_challenge_method: 'S256' }), 'a')).resolves.toContain(
    'code=',
  );
});

test('the page shows requests, faults and connections, and neither tokens nor values', async () => {
  const opened = await openSandbox({ ...options, names: ['server_error'] });
  const { access, refresh } = await ouraTokens(opened, USER);
  await opened.get('/oura/v2/usercollection/sleep', access);
  const text = await (await fetch(opened.url)).text();
  expect(text).toContain('GET sleep');
  expect(text).toContain('server_error');
  expect(text).toContain(USER);
  expect(text).toContain('MyFitnessPal');
  expect([access, refresh, 'oura-secret'].filter((secret) => text.includes(secret))).toEqual([]);
});

test('its buttons push, lose a token, silence and revoke; another site cannot press them', async () => {
  const opened = await openSandbox(options);
  const { access } = await ouraTokens(opened, USER);
  const press = async (path: string, name: string, origin = opened.url) => {
    const init = {
      method: 'POST',
      body: new URLSearchParams({ press: name }),
      headers: { origin },
      redirect: 'manual',
    };
    return (await fetch(`${opened.url}${path}`, { ...init, redirect: 'manual' })).status;
  };
  const known = () => opened.horizon.known('oura', USER, 'sleep').length;
  const mine = `/press/oura/${USER}`;
  expect(await press(mine, 'revoke', 'http://evil.example')).toBe(403);
  expect(await press(mine, 'go-silent')).toBe(303);
  expect(await press('/press', 'push')).toBe(303);
  expect(known()).toBe(0);
  await opened.release(NOW_S + 3 * DAY_S);
  expect(known()).toBe(1);
  const status = async () => (await opened.get('/oura/v2/usercollection/sleep', access)).status;
  expect(await status()).toBe(200);
  expect(await press(mine, 'lose-token')).toBe(303);
  expect(await status()).toBe(401);
  expect(await press(mine, 'revoke')).toBe(303);
  expect(opened.ledger.grants('oura')).toEqual([]);
  expect(await press(mine, 'revoke')).toBe(404);
});
