import { describe, expect, test, vi } from 'vitest';
import { collect } from '../../../app/collect.ts';
import { collectDaily } from '../../../app/collect/schedule.ts';
import { ensureSubscriptions, unsubscribe } from '../../../app/collect/subscriptions.ts';
import { status } from '../../../app/status.ts';
import { accountOf } from '../../../providers/kit/account.ts';
import { type Answer, answering, openStand } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const DAY_MS = 86_400_000;

describe('the daily look', () => {
  test('comes once a local day, from six in the morning where the person is', async () => {
    const stand = openStand();
    const asked = answering('ring.example', () => [200, '{"data":[]}']);
    await stand.connect('ring');
    // The stand opens at 08:00 in Paris.
    await collectDaily(stand.runtime);
    await collectDaily(stand.runtime);
    expect(asked).toHaveLength(1);
    // 05:59:59 of the next day.
    stand.clock.advance(22 * 3_600_000 - 1000);
    await collectDaily(stand.runtime);
    expect(asked).toHaveLength(1);
    stand.clock.advance(1000);
    await collectDaily(stand.runtime);
    expect(asked.map(({ path }) => path)).toEqual([
      '/sleep?start_date=2026-11-14&end_date=2026-11-20',
      '/sleep?start_date=2026-11-15&end_date=2026-11-21',
    ]);
  });

  test('two processes look once', async () => {
    const stand = openStand();
    const asked = answering('ring.example', () => [200, '{"data":[]}']);
    await stand.connect('ring');
    await Promise.all([collectDaily(stand.runtime), collectDaily(stand.runtime)]);
    expect(asked).toHaveLength(1);
  });

  test('leaves linked accounts alone: nobody granted anything to ask with', async () => {
    const stand = openStand();
    const asked = answering('ring.example', () => [200, '{}']);
    await stand.connect('ring', { kind: 'link' });
    await collectDaily(stand.runtime);
    expect(asked).toEqual([]);
  });
});

const published = async (query: { readonly name: string }) => [
  {
    account: accountOf('ring', 'x-1'),
    [query.name === 'last_days' ? 'last_data_day' : 'last_delivery']: '2026-11-19',
  },
];

test('status says when something was fetched last, and what is left alone and why', async () => {
  const stand = openStand();
  let well = true;
  answering('ring.example', () => (well ? [200, '{"data":[]}'] : [403, '{}']));
  const { connection_id: id } = await stand.connect('ring');
  const shown = async () => (await status({ ...stand.runtime, warehouse: { run: published } }))[0];
  await collect(stand.runtime);
  expect(await shown()).toMatchObject({ connection_id: id, last_fetch: '2026-11-20T07:00:00.123Z', problem: null });
  well = false;
  stand.clock.advance(1000);
  await collect(stand.runtime);
  expect(await shown()).toMatchObject({
    last_fetch: '2026-11-20T07:00:00.123Z',
    problem: 'sleep: The provider answered 403.',
  });
});

describe('a look somebody asks for', () => {
  test('asks for the metric alone, and for the days that were said', async () => {
    const stand = openStand();
    const asked = answering('scale.example', () => [200, '{"status":0}']);
    await stand.connect('scale');
    await collect(stand.runtime, { metric: 'sleep_total_s', days: 2 });
    expect(asked.map(({ path }) => path)).toEqual(['/nights', '/nights']);
  });

  test.each([
    ['nobody', 'unknown_provider'],
    ['watch', 'no_collect'],
    ['ring', 'not_connected'],
  ])('of %s says %s', async (provider, code) => {
    const stand = openStand();
    await stand.connect('scale');
    await expect(collect(stand.runtime, { provider })).rejects.toMatchObject({ code });
  });
});

describe('subscriptions of each account', () => {
  interface Profile {
    readonly appli: string;
    readonly callbackurl: string;
  }

  /** A provider that keeps what it is asked to keep. */
  async function accounts(there: readonly Profile[] = []) {
    const stand = openStand();
    let profiles = [...there];
    const answer: Answer = ({ body }) => {
      const { action, appli = '', callbackurl = '' } = Object.fromEntries(new URLSearchParams(body));
      if (action === 'subscribe') profiles.push({ appli, callbackurl });
      if (action === 'revoke')
        profiles = profiles.filter((one) => one.appli !== appli || one.callbackurl !== callbackurl);
      return [200, JSON.stringify({ status: 0, profiles })];
    };
    const asked = answering('scale.example', answer);
    const connection = await stand.connect('scale', { scopes: ['body'] });
    const actions = () => asked.map(({ body }) => new URLSearchParams(body).get('action'));
    return { ...stand, connection, actions, profiles: () => profiles };
  }

  test('are made as far as granted, checked once a day, and made again when they vanish', async () => {
    const { runtime, actions, profiles, clock, connection } = await accounts();
    expect(await ensureSubscriptions(runtime)).toMatchObject([{ missing: [], problem: null, expiresAt: null }]);
    expect(profiles().map(({ appli }) => appli)).toEqual(['1', '46']);
    expect(profiles()[0]?.callbackurl).toMatch(/^https:\/\/well\.example\/webhooks\/scale\/k1\./);
    expect(actions()).toEqual(['list', 'subscribe', 'subscribe', 'list']);
    await ensureSubscriptions(runtime);
    expect(actions()).toHaveLength(4);
    profiles().splice(0);
    clock.advance(DAY_MS);
    await ensureSubscriptions(runtime);
    expect(profiles()).toHaveLength(2);
    expect(await runtime.state.get('subscription', `scale/${connection.connection_id}`)).toMatchObject({
      value: { missing: [] },
    });
  });

  test('that point elsewhere stay, and ours are made beside them; ending takes ours away alone', async () => {
    const elsewhere = { appli: '1', callbackurl: 'https://old.example/x' };
    const { runtime, profiles, connection } = await accounts([elsewhere]);
    await ensureSubscriptions(runtime);
    expect(profiles()).toHaveLength(3);
    expect(await unsubscribe(runtime, connection)).toBe(true);
    expect(profiles()).toEqual([elsewhere]);
  });

  test('cannot reach an address without https: said in words, and nobody is asked', async () => {
    const { runtime, actions } = await accounts();
    const looked = await ensureSubscriptions({ ...runtime, publicUrl: 'http://127.0.0.1:8787' });
    expect(looked[0]).toMatchObject({ missing: ['1', '46'] });
    expect(looked[0]?.problem).toContain('https');
    expect(actions()).toEqual([]);
  });
});

const OURS = 'https://well.example/webhooks/ring';

async function app(answer: Answer) {
  const stand = openStand();
  const asked = answering('ring.example', answer);
  await stand.connect('ring');
  await stand.connect('ring', { externalId: 'x-2', name: 'Bob' });
  const calls = () => asked.map(({ method, path }) => `${method} ${path}`);
  return { ...stand, asked, calls };
}
const row = (callback_url: string, days: number) => ({
  id: 's-1',
  callback_url,
  expiration_time: new Date(Date.UTC(2026, 10, 20, 7) + days * DAY_MS).toISOString(),
});

describe('subscriptions of an app', () => {
  test("are one for everybody, without anybody's token", async () => {
    let made = false;
    const { runtime, calls, asked } = await app(({ method }) => {
      if (method === 'POST') made = true;
      return method === 'POST' ? [201, '{}'] : [200, JSON.stringify(made ? [row(OURS, 90)] : [])];
    });
    expect(await ensureSubscriptions(runtime)).toMatchObject([{ missing: [], problem: null }]);
    expect(calls()).toEqual(['GET /subscription', 'POST /subscription', 'GET /subscription']);
    expect(asked.every(({ bearer }) => bearer === undefined)).toBe(true);
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ callback_url: OURS });
  });

  test.each([
    [31, ['GET /subscription']],
    [29, ['GET /subscription', 'PUT /subscription/renew/s-1', 'GET /subscription']],
  ])('%i days before their end ask for this', async (days, expected) => {
    const { runtime, calls } = await app(({ method }) => [
      200,
      method === 'GET' ? JSON.stringify([row(OURS, days)]) : '{}',
    ]);
    await ensureSubscriptions(runtime);
    expect(calls()).toEqual(expected);
  });

  test('whose pair is taken by an old address of ours are moved', async () => {
    let there = [row('https://old.example/webhooks/ring', 80)];
    const { runtime, calls } = await app(({ method }) => {
      if (method === 'DELETE') there = [];
      if (method === 'POST' && there.length > 0) return [409, '{}'];
      if (method === 'POST') there = [row(OURS, 90)];
      return [200, JSON.stringify(there)];
    });
    expect(await ensureSubscriptions(runtime)).toMatchObject([{ missing: [], problem: null }]);
    expect(calls()).toContain('DELETE /subscription/s-1');
  });

  test('that fail are told in words and tried again an hour later', async () => {
    const { runtime, calls, clock } = await app(() => [403, '{}']);
    expect(await ensureSubscriptions(runtime)).toMatchObject([
      { missing: ['update/sleep'], problem: 'The provider answered 403.' },
    ]);
    clock.advance(3_599_000);
    await ensureSubscriptions(runtime);
    expect(calls()).toHaveLength(1);
    clock.advance(1000);
    await ensureSubscriptions(runtime);
    expect(calls()).toHaveLength(2);
  });
});
