import nock from 'nock';
import { afterEach, expect, test } from 'vitest';
import { arrive, start } from '../../../app/connect.ts';
import { grantsAccess, oauthProvider } from '../../../app/connect/setup.ts';
import { listConnections } from '../../../app/connections.ts';
import type { Provider } from '../../../providers/kit/provider.ts';
import { openFront } from '../../support/front.ts';
import { garminKnows } from '../../support/garmin-account.ts';

const BROWSER = 'B'.repeat(43);
const ISSUER = 'https://issuer.example';

afterEach(() => nock.cleanAll());

async function openFlow(id: string) {
  const front = await openFront();
  const address = await start(front.runtime, { provider: id, userId: front.anna.user_id, browser: BROWSER });
  return { front, state: new URL(address).searchParams.get('state') ?? '' };
}

test.each([
  ['', 'wrong_issuer', 0],
  ['&iss=https://other.example', 'wrong_issuer', 0],
  ['&iss=https://issuer.example/', 'wrong_issuer', 0],
  [`&iss=${ISSUER}&iss=${ISSUER}`, 'bad_callback', 0],
  [`&iss=${ISSUER}`, 'connected', 1],
])('a provider that names its issuer must do so: %j ends in %s', async (iss, wanted, exchanged) => {
  const server = garminKnows({ userId: 'g1' });
  const { front, state } = await openFlow('garmin');
  const garmin = oauthProvider('garmin');
  const strict: Provider = { ...garmin, oauth: { ...garmin.oauth, issuer: ISSUER } };
  if (!grantsAccess(strict)) throw new TypeError('garmin grants access');
  const arrived = await arrive(front.runtime, strict, { search: `?code=c&state=${state}${iss}`, browser: BROWSER });
  expect([arrived.kind === 'refused' ? arrived.code : arrived.kind, server.exchanged]).toEqual([wanted, exchanged]);
});

test.each([
  ['&scope=daily+workout', ['daily', 'workout']],
  ['&scope=daily+admin', ['daily']],
  ['', ['daily', 'heartrate', 'workout', 'session', 'spo2Daily', 'stress', 'heart_health']],
])('scopes the callback alone tells (%j) are kept as far as they were asked for', async (scope, wanted) => {
  nock('https://api.ouraring.com')
    .post('/oauth/token')
    .reply(200, { access_token: 'a', refresh_token: 'r', expires_in: 86_400 });
  nock('https://api.ouraring.com').get('/v2/usercollection/personal_info').reply(200, { id: 'o1' });
  const { front, state } = await openFlow('oura');
  const search = `?code=c&state=${state}${scope}`;
  expect(await arrive(front.runtime, oauthProvider('oura'), { search, browser: BROWSER })).toMatchObject({
    kind: 'connected',
  });
  const [connection] = await listConnections(front.runtime);
  expect(connection?.scopes.filter((one) => wanted.includes(one))).toEqual(wanted);
  expect(connection?.scopes).not.toContain('admin');
});

test('an answer in a wrapper of its own names the account, and what was granted', async () => {
  const body = {
    userid: 363,
    access_token: 'a',
    refresh_token: 'r',
    expires_in: 10_800,
    scope: 'user.metrics',
    csrf_token: 'x',
    token_type: 'Bearer',
  };
  nock('https://wbsapi.withings.net')
    .post('/v2/oauth2', /action=requesttoken/)
    .reply(200, { status: 0, body });
  const { front, state } = await openFlow('withings');
  const search = `?code=c&state=${state}`;
  await arrive(front.runtime, oauthProvider('withings'), { search, browser: BROWSER });
  expect(await listConnections(front.runtime)).toMatchObject([
    { external_id: '363', scopes: ['user.metrics'], kind: 'oauth' },
  ]);
});

test('an error in such a wrapper, with status 200, connects nothing', async () => {
  nock('https://wbsapi.withings.net').post('/v2/oauth2').reply(200, { status: 503, body: {}, error: 'Invalid Params' });
  const { front, state } = await openFlow('withings');
  const search = `?code=c&state=${state}`;
  const arrived = await arrive(front.runtime, oauthProvider('withings'), { search, browser: BROWSER });
  expect([arrived, await listConnections(front.runtime)]).toEqual([{ kind: 'refused', code: 'code_refused' }, []]);
});
