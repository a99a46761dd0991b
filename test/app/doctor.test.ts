import nock from 'nock';
import { afterEach, describe, expect, it } from 'vitest';
import { address } from '../../app/doctor/address.ts';
import { examine } from '../../app/doctor/check.ts';
import { connections } from '../../app/doctor/connections.ts';
import { credentials } from '../../app/doctor/credentials.ts';
import { reach } from '../../app/doctor/reach.ts';
import { signature } from '../../app/doctor/signature.ts';
import { subscriptions } from '../../app/doctor/subscriptions.ts';
import { vault } from '../../app/doctor/vault.ts';
import { WellspringError } from '../../app/errors.ts';
import { addUser } from '../../app/people.ts';
import type { ConnectionRecord } from '../../app/tie.ts';
import { PortError } from '../../ports/errors.ts';
import { accountOf } from '../../providers/kit/account.ts';
import type { ProviderSettings } from '../../providers/kit/provider.ts';
import { Secret } from '../../providers/kit/secret.ts';
import { openDesk } from '../support/desk.ts';
import { RECEIVED_AT } from '../support/door.ts';
import { openVault } from '../support/vault.ts';

const DAY_MS = 86_400_000;

/** A desk where somebody is connected to these providers, with settings for all of them. */
async function openClinic(providers: readonly string[], settings: ProviderSettings = {}) {
  const { runtime, clock } = openDesk();
  const connect = (provider: string, changes: Partial<ConnectionRecord> = {}) => {
    const record: ConnectionRecord = {
      connection_id: `c_${provider}`,
      provider,
      account: accountOf(provider, '1'),
      external_id: '1',
      user_id: 'u_1',
      kind: 'oauth',
      state: 'active',
      scopes: [],
      cause: null,
      sequence: 1,
      ...changes,
    };
    return runtime.state.put('connection', record.connection_id, record);
  };
  for (const provider of providers) await connect(provider);
  return { runtime: { ...runtime, settings: () => settings }, clock, connect };
}

describe("the app's own credentials", () => {
  const set = { clientId: '7d3c0a', clientSecrets: [new Secret('0b51f2e4')] };

  it('are looked for at the providers somebody is connected to by OAuth, and nowhere else', async () => {
    const { runtime, connect } = await openClinic(['withings'], set);
    for (const provider of ['apple', 'garmin']) await connect(provider, { kind: 'link' });
    await connect('oura', { state: 'disconnected' });
    expect(await examine([credentials], runtime)).toMatchObject([{ id: 'credentials.withings', state: 'ok' }]);
  });

  it.each([
    undefined,
    '',
    '  ',
    'CHANGE_ME',
    'changeme',
    'your client id',
    '<client id>',
    'xxx',
    '***',
    ['TO', 'DO'].join(''),
  ])('are not taken for set where they are %j, and that fails', async (text) => {
    const secrets = text === undefined ? [] : [new Secret(text)];
    for (const settings of [
      { ...set, clientId: text },
      { ...set, clientSecrets: secrets },
    ]) {
      const { runtime } = await openClinic(['oura'], settings);
      const [found] = await examine([credentials], runtime);
      expect(found).toMatchObject({
        state: 'fail',
        required: true,
        remedy: expect.stringContaining('oura.clientSecret'),
      });
      expect(JSON.stringify(found)).not.toContain('0b51f2e4');
    }
  });
});

describe('the self-test of a signature', () => {
  it('passes with the stored secret, the newer of two included', async () => {
    const { runtime } = await openClinic(['oura'], { clientSecrets: [new Secret('new'), new Secret('old')] });
    expect(await examine([signature], runtime)).toMatchObject([{ id: 'signature.oura', state: 'ok' }]);
  });

  it.each([[[]], [[new Secret('')]], [[new Secret(' ')]]])(
    'fails without a usable secret: %j',
    async (clientSecrets) => {
      const { runtime } = await openClinic(['oura', 'withings'], { clientSecrets });
      const found = await examine([signature], runtime);
      expect(found).toMatchObject([{ state: 'fail', detail: expect.stringContaining('unconfigured') }]);
    },
  );
});

describe('the public address', () => {
  it('must be https where a provider pushes to it', async () => {
    const { runtime } = await openClinic(['withings']);
    expect(await examine([address], runtime)).toMatchObject([{ state: 'ok' }]);
    const plain = { ...runtime, publicUrl: 'http://127.0.0.1:8787' };
    expect(await examine([address], plain)).toMatchObject([
      { state: 'warn', detail: expect.stringContaining('Withings') },
    ]);
  });

  it('does not matter where only a phone pushes, or a stand-in for a provider', async () => {
    const phone = await openClinic(['apple', 'myfitnesspal']);
    const standIn = await openClinic(['withings'], { baseUrl: 'http://127.0.0.1:4000' });
    for (const { runtime } of [phone, standIn]) {
      expect(await examine([address], { ...runtime, publicUrl: 'http://127.0.0.1:8787' })).toEqual([]);
    }
  });
});

describe('subscriptions as last seen', () => {
  const seen = { checkedAt: RECEIVED_AT, expiresAt: null, missing: [], problem: null };

  it.each([
    [seen, 'ok', 'are subscribed'],
    [{ ...seen, expiresAt: RECEIVED_AT + 60 * DAY_MS }, 'ok', 'are subscribed'],
    [{ ...seen, expiresAt: RECEIVED_AT + 1.5 * DAY_MS }, 'warn', 'ends in 1 days'],
    [{ ...seen, expiresAt: RECEIVED_AT - 1 }, 'warn', 'ended'],
    [{ ...seen, missing: ['1', '4'] }, 'warn', '1, 4 not subscribed'],
    [{ ...seen, problem: 'The provider answered 503.' }, 'warn', 'answered 503'],
  ])('are told: %j is %s', async (record, state, detail) => {
    const { runtime } = await openClinic([]);
    await runtime.state.put('subscription', 'withings/c_1', record);
    expect(await examine([subscriptions], runtime)).toMatchObject([
      { id: 'subscription.withings.c_1', state, detail: expect.stringContaining(detail) },
    ]);
  });
});

describe('subscriptions of several people', () => {
  it('are told by provider and person', async () => {
    const { runtime, connect } = await openClinic([]);
    await connect('withings', { user_id: (await addUser(runtime, { name: 'Ana' })).user_id });
    const seen = { checkedAt: RECEIVED_AT, expiresAt: null, missing: [], problem: null };
    for (const id of ['oura', 'withings/c_withings']) await runtime.state.put('subscription', id, seen);
    expect(await examine([subscriptions], runtime)).toMatchObject([
      { detail: 'Notices of Oura are subscribed.' },
      { detail: 'Notices of Withings for Ana are subscribed.' },
    ]);
  });
});

describe('connections', () => {
  it('that need a person are named one by one, with the command', async () => {
    const { runtime, connect } = await openClinic(['withings', 'oura']);
    expect(await examine([connections], runtime)).toMatchObject([
      { state: 'ok', detail: '2 connections, all active.' },
    ]);
    await connect('oura', { state: 'needs_reconnect', cause: 'invalid_grant' });
    expect(await examine([connections], runtime)).toMatchObject([
      {
        id: 'connection.c_oura',
        state: 'warn',
        detail: expect.stringContaining('invalid_grant'),
        remedy: 'wellspring connect oura --user u_1',
      },
    ]);
  });

  it.each([
    ['by name', ['Zoë'], 'Zoë', 'Zoë'],
    ['by name, and in commands by id where a shell could read the name in another way', ['A $B'], 'A $B', 'id'],
    ['with the id where two have one name', ['Ann', 'Ann'], 'Ann (id)', 'id'],
  ])('tell people %s', async (_, people, told, typed) => {
    const { runtime, connect } = await openClinic([]);
    const ids: string[] = [];
    for (const name of people) ids.push((await addUser(runtime, { name })).user_id);
    const [id = ''] = ids;
    await connect('oura', { user_id: id, state: 'revoked', cause: 'ended_at_provider' });
    expect(await examine([connections], runtime)).toMatchObject([
      {
        detail: `Oura of ${told.replace('id', id)}: access was taken back at the provider (ended_at_provider).`,
        remedy: `wellspring connect oura --user ${typed === 'id' ? id : typed}`,
      },
    ]);
  });
});

const answering = () => {
  if (!nock.isActive()) nock.activate();
  return nock('https://api.ouraring.com').get('/oauth/token');
};

describe('the way to a provider', () => {
  afterEach(() => {
    nock.cleanAll();
    nock.restore();
  });
  it.each([
    [0, 'ok', 'can be reached'],
    [299, 'ok', 'can be reached'],
    [-301, 'warn', '301 s ahead'],
    [301, 'warn', '301 s behind'],
  ])('tells how our clock stands to theirs: %d s', async (seconds, state, detail) => {
    const { runtime, clock } = await openClinic(['oura']);
    // Theirs has whole seconds.
    clock.set(Math.ceil(RECEIVED_AT / 1000) * 1000);
    answering().reply(405, '', { date: new Date(clock.now() + seconds * 1000).toUTCString() });
    expect(await examine([reach], runtime)).toMatchObject([{ state, detail: expect.stringContaining(detail) }]);
  });

  it('is a warning where none leads there', async () => {
    const { runtime } = await openClinic(['oura']);
    answering().replyWithError(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    expect(await examine([reach], runtime)).toMatchObject([
      { id: 'reach.oura', state: 'warn', required: false, detail: expect.stringContaining('ENOTFOUND') },
    ]);
  });
});

const throwing = (error: unknown) => {
  const run = async () => {
    throw error;
  };
  return [{ id: 'broken', required: true, run }];
};

describe('a check that cannot be run', () => {
  it('is told in the words of our own errors, and of no other', async () => {
    const ours = new WellspringError({ code: 'x', message: 'It is shut.', remedy: 'Open it.' });
    expect(await examine(throwing(ours), {})).toMatchObject([
      { state: 'fail', detail: 'It is shut.', remedy: 'Open it.' },
    ]);
    expect(await examine(throwing(new PortError('y', 'It is locked.')), {})).toMatchObject([
      { detail: 'It is locked.', remedy: null },
    ]);
    expect(JSON.stringify(await examine(throwing(new Error('token CANARY')), {}))).not.toContain('CANARY');
  });

  it('is the vault behind another key', async () => {
    const { runtime } = openDesk();
    await openVault(runtime.state).replace('client/oura', 'CANARY', { expect: 0 });
    const [found] = await examine([vault], { vault: openVault(runtime.state) });
    expect(found).toMatchObject({ id: 'vault', state: 'fail' });
    expect(JSON.stringify(found)).not.toContain('CANARY');
  });
});
