import { expect, test } from 'vitest';
import type { FaultName } from '../../../../local/sandbox/fault.ts';
import { CALLBACK, DAY_S, held, holding, NOW_S, openSandbox, readTokens } from './harness.ts';

const USER = 'd3315b1072421d0dd7c8f6b8e1de4df8';
// RFC 7636, appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const REST = '/garmin/wellness-api/rest';
const NOW_AT_GARMIN = { knownUntilS: NOW_S - 10 * DAY_S };

async function connected(names: readonly FaultName[] = []) {
  const pushed: string[] = [];
  const days = [5, 4].map((at) => held('dailies', at, { record: { summaryId: `s${at}`, steps: at } }));
  const opened = await openSandbox({
    ...NOW_AT_GARMIN,
    holdings: [holding('garmin', USER, days)],
    names,
    fetch: async (_, init) => {
      pushed.push(typeof init.body === 'string' ? init.body : '');
      return new Response();
    },
  });
  opened.enter('http://127.0.0.1/webhooks/garmin/k1.proof');
  const query = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
  const exchange = async (code: string, verifier: string) => {
    const client = { client_id: 'garmin-id', client_secret: 'garmin-secret' };
    const fields = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: CALLBACK };
    return opened.post('/garmin/di-oauth2-service/oauth/token', { ...client, ...fields });
  };
  const code = () => opened.codeOf('garmin', '/oauth2Confirm', USER, query);
  return {
    opened,
    pushed,
    days,
    code,
    exchange,
    token: async () => readTokens(await (await exchange(await code(), VERIFIER)).json()).access,
  };
}

/** The address a ping names, on the sandbox. */
function addressIn(body: string | undefined, type: string): string {
  const [ping] = Object(JSON.parse(body ?? '{}'))[type];
  expect(ping.userId).toBe(USER);
  const url = new URL(ping.callbackURL);
  expect(url.origin).toBe('https://apis.garmin.com');
  return `/garmin${url.pathname}${url.search}`;
}

test('the code needs its verifier, and the answer has the documented fields', async () => {
  const { code, exchange } = await connected();
  expect((await exchange(await code(), 'wrong')).status).toBe(400);
  const answer = await exchange(await code(), VERIFIER);
  const documented = 'access_token expires_in jti refresh_token refresh_token_expires_in scope token_type';
  const json = Object(await answer.json());
  expect(Object.keys(json).toSorted().join(' ')).toBe(documented);
  expect(json.expires_in).toBe(86_400);
});

test('the id, the permissions and the end of a registration are where they are documented', async () => {
  const { opened, pushed, token } = await connected();
  const access = await token();
  expect(await (await opened.get(`${REST}/user/id`, access)).json()).toEqual({ userId: USER });
  expect(await (await opened.get(`${REST}/user/permissions`, access)).json()).toContain('HEALTH_EXPORT');
  const init = { method: 'DELETE', headers: { authorization: `Bearer ${access}` } };
  expect((await fetch(`${opened.url}${REST}/user/registration`, init)).status).toBe(204);
  expect((await opened.get(`${REST}/user/id`, access)).status).toBe(401);
  await expect.poll(() => pushed).toEqual([JSON.stringify({ deregistrations: [{ userId: USER }] })]);
});

test('a ping names an address that answers the bare records once', async () => {
  const { opened, pushed, days, token } = await connected();
  const access = await token();
  await opened.release(NOW_S - 5 * DAY_S);
  const address = addressIn(pushed[0], 'dailies');
  expect((await opened.get(address.replace(/token=.*/, 'token=x'), access)).status).toBe(401);
  expect(await (await opened.get(address, access)).json()).toEqual([days[0]?.record]);
  expect((await opened.get(address, access)).status).toBe(410);
});

test('an answer that broke off can be fetched again', async () => {
  const { opened, pushed, days, token } = await connected(['truncated_body']);
  const access = await token();
  await opened.release(NOW_S - 5 * DAY_S);
  const address = addressIn(pushed.at(-1), 'dailies');
  await expect((await opened.get(address, access)).json()).rejects.toThrow(/JSON/);
  await opened.get(address, access);
  expect(await (await opened.get(address, access)).json()).toEqual([days[0]?.record]);
});

test('a backfill is accepted once for a window, and its data are announced', async () => {
  const { opened, pushed, days, token } = await connected();
  const access = await token();
  const ask = (type: string, from: number, to: number) => {
    const window = `summaryStartTimeInSeconds=${from}&summaryEndTimeInSeconds=${to}`;
    return opened.get(`${REST}/backfill/${type}?${window}`, access).then(({ status }) => status);
  };
  // Known already, and told about: asked for, they come again.
  await opened.release(NOW_S);
  pushed.length = 0;
  expect(await ask('dailies', NOW_S - 31 * DAY_S, NOW_S)).toBe(400);
  expect(await ask('dailies', NOW_S - 29 * DAY_S, NOW_S + 62 * DAY_S)).toBe(400);
  // Windows of the Activity API are shorter.
  expect(await ask('activities', NOW_S - 10 * DAY_S, NOW_S + 21 * DAY_S)).toBe(400);
  expect(await ask('nonsense', NOW_S - DAY_S, NOW_S)).toBe(404);
  expect(await ask('dailies', NOW_S - 29 * DAY_S, NOW_S)).toBe(202);
  expect(await ask('dailies', NOW_S - 29 * DAY_S, NOW_S)).toBe(409);
  await expect.poll(() => pushed.length).toBe(2);
  const answers = pushed.map(async (body) => (await opened.get(addressIn(body, 'dailies'), access)).json());
  expect((await Promise.all(answers)).flat()).toEqual(days.map(({ record }) => record));
});

test('without the switch for history there is no backfill', async () => {
  const { opened } = await connected();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'garmin-id',
    redirect_uri: CALLBACK,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  const back = await opened.consent('garmin', `${opened.url}/garmin/oauth2Confirm?${query.toString()}`, USER, {
    scopes: ['HEALTH_EXPORT'],
  });
  const fields = {
    grant_type: 'authorization_code',
    code: new URL(back).searchParams.get('code') ?? '',
    code_verifier: VERIFIER,
  };
  const client = { client_id: 'garmin-id', client_secret: 'garmin-secret', redirect_uri: CALLBACK };
  const answer = await opened.post('/garmin/di-oauth2-service/oauth/token', { ...fields, ...client });
  const { access } = readTokens(await answer.json());
  const window = `summaryStartTimeInSeconds=${NOW_S - DAY_S}&summaryEndTimeInSeconds=${NOW_S}`;
  expect((await opened.get(`${REST}/backfill/dailies?${window}`, access)).status).toBe(403);
});
