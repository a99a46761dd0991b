import nock from 'nock';
import { afterEach, expect, test } from 'vitest';
import { disconnect, listConnections } from '../../../app/connections.ts';
import { saveGrant } from '../../../app/grant.ts';
import { Secret } from '../../../providers/kit/secret.ts';
import { openFront } from '../../support/front.ts';
import { garminKnows } from '../../support/garmin-account.ts';
import { openVault } from '../../support/vault.ts';

afterEach(() => nock.cleanAll());

async function connected() {
  const server = garminKnows({ userId: 'g1' });
  const front = await openFront();
  const one = await front.owner();
  const { state } = await front.begin(one, 'garmin', front.anna.user_id);
  await one.get(`/oauth/garmin/callback?code=the-code&state=${state}`);
  const [connection] = await listConnections(front.runtime);
  const id = connection?.connection_id ?? '';
  const part = (changes: Partial<typeof front.runtime> = {}) =>
    disconnect({ ...front.runtime, ...changes }, { provider: 'garmin', user: front.anna });
  return { ...front, server, id, part };
}

const renewedTokens = {
  access: new Secret('access-renewed'),
  refresh: new Secret('refresh-renewed'),
  expiresAt: null,
  scopes: null,
  fields: {},
};

test('a grant that was renewed after it was given back is given back, too, and none is left', async () => {
  const { part, runtime, server, id } = await connected();
  const { vault, egress } = runtime;
  let renewed = false;
  const parted = await part({
    egress: {
      ...egress,
      async send(provider, request, options) {
        const answer = await egress.send(provider, request, options);
        // Another process had presented the refresh token before.
        if (request.method === 'DELETE' && !renewed) {
          renewed = true;
          await saveGrant(vault, id, renewedTokens, { expect: 1 });
        }
        return answer;
      },
    },
  });
  expect(parted).toMatchObject([{ state: 'disconnected', given_back: 'told' }]);
  expect(server.revoked).toEqual(['Bearer access-g1-1', 'Bearer access-renewed']);
  expect(await vault.ids('connection/')).toEqual([]);
});

test('one that changes with every look is ended all the same, and nobody is said to have been told', async () => {
  const { part, runtime, id } = await connected();
  const { vault, egress } = runtime;
  let generation = 1;
  const parted = await part({
    egress: {
      ...egress,
      async send(provider, request, options) {
        const answer = await egress.send(provider, request, options);
        if (request.method === 'DELETE') {
          await saveGrant(vault, id, renewedTokens, { expect: generation });
          generation += 1;
        }
        return answer;
      },
    },
  });
  expect(parted).toMatchObject([{ state: 'disconnected', given_back: 'untold' }]);
  expect(await vault.ids('connection/')).toEqual([]);
});

test.each([
  [204, 'told'],
  // The provider takes the token no more: what was to be ended has ended.
  [401, 'told'],
  [500, 'later'],
  [403, 'later'],
])('what the provider answers with %i is told as %s', async (status, outcome) => {
  const { part } = await connected();
  nock.cleanAll();
  nock('https://apis.garmin.com').delete('/wellness-api/rest/user/registration').reply(status);
  expect(await part()).toMatchObject([{ state: 'disconnected', given_back: outcome }]);
  expect(await part()).toMatchObject([{ state: 'disconnected', given_back: null }]);
});

test('a grant that cannot be opened is dropped without a word to anybody', async () => {
  const { part, runtime, server } = await connected();
  expect(await part({ vault: openVault(runtime.state) })).toMatchObject([{ given_back: 'untold' }]);
  expect([server.revoked, await runtime.vault.ids('connection/')]).toEqual([[], []]);
});

test('connecting again replaces a grant that cannot be opened', async () => {
  const { runtime, owner, begin, anna, id } = await connected();
  await runtime.state.put('sealed', `connection/${id}`, 'nonsense');
  const one = await owner();
  const { state } = await begin(one, 'garmin', anna.user_id);
  const response = await one.get(`/oauth/garmin/callback?code=another-code&state=${state}`);
  expect(response.status).toBe(303);
  expect(await runtime.vault.read(`connection/${id}`)).toMatchObject({ generation: expect.any(Number) });
});
