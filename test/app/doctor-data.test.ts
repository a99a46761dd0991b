import { expect, test, vi } from 'vitest';
import { examine } from '../../app/doctor/check.ts';
import { freshness } from '../../app/doctor/freshness.ts';
import { quarantine, unclaimed } from '../../app/doctor/tables.ts';
import { batches, notices } from '../../app/doctor/waiting.ts';
import { exclusively } from '../../app/exclusive.ts';
import { withBatchLease } from '../../app/lease.ts';
import { link } from '../../app/connections.ts';
import { addUser } from '../../app/people.ts';
import { tie } from '../../app/tie.ts';
import { transform } from '../../app/transform.ts';
import { RECEIVED_AT } from '../support/door.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { garminDaily } from '../support/payloads.ts';
import { openPlant } from '../support/plant.ts';
import { openVault } from '../support/vault.ts';

// Several batches each.
vi.setConfig({ testTimeout: 60_000 });

const HOUR_MS = 3_600_000;

const REST = { lookbackDays: 7, firstFetchDays: 7, ownerToken: 'x' };
const noClient = async () => {
  throw new Error('Nobody is connected by OAuth here.');
};

/** The key of a notice an account got at an instant. */
const noticeKey = (ms: number, account: string): string =>
  `raw/${new Date(ms).toISOString().slice(0, 10)}/withings/${account}/notice-${'0'.repeat(64)}.${ms}.json`;

test('notices are well for an hour, and a warning once one has waited longer', async () => {
  const { runtime, clock } = openPlant();
  const anna = await addUser(runtime, { name: 'Anna', zone: 'UTC' });
  const wanted = { provider: 'withings', external_id: '4711', user_id: anna.user_id, kind: 'oauth' } as const;
  const { account } = await exclusively(runtime, async () => tie(runtime, [], wanted));
  await runtime.objects.putIfAbsent(noticeKey(RECEIVED_AT, account), new Uint8Array([1]));
  // Of an account nobody has connected nothing is to be fetched.
  await runtime.objects.putIfAbsent(noticeKey(RECEIVED_AT, 'a_1'), new Uint8Array([1]));
  clock.advance(HOUR_MS);
  expect(await examine([notices], runtime)).toMatchObject([
    { state: 'ok', detail: expect.stringMatching(/^1 notices .* 0 for/) },
  ]);
  clock.advance(1);
  expect(await examine([notices], runtime)).toMatchObject([
    { state: 'warn', detail: expect.stringMatching(/^1 notices .* 1 for/), remedy: expect.stringContaining('redrive') },
  ]);
  await runtime.state.put('notice', noticeKey(RECEIVED_AT, account), {});
  expect(await examine([notices], runtime)).toMatchObject([
    { state: 'ok', detail: expect.stringMatching(/^0 notices/) },
  ]);
});

test('what is stored and not published is a warning once the last batch is more than an hour ago and none runs', async () => {
  const { runtime, clock, store } = openPlant();
  await store([userFact('u_anna')]);
  await transform(runtime);
  await store([connectionFact('u_anna', 'garmin', 'g')]);
  // The object lies under an older date of raw: only a whole look finds it there.
  await runtime.state.delete('batch', 'full-listing');
  expect(await examine([batches], runtime)).toMatchObject([
    { state: 'ok', detail: expect.stringContaining('1 objects') },
  ]);
  clock.advance(HOUR_MS + 1);
  expect(await examine([batches], runtime)).toMatchObject([{ state: 'warn' }]);
  await withBatchLease(runtime, async () => {
    const running = await examine([batches], runtime);
    expect(running).toMatchObject([{ state: 'ok', detail: expect.stringContaining('one runs now') }]);
  });
  await transform(runtime);
  expect(await examine([batches], runtime)).toMatchObject([
    { state: 'ok', detail: expect.stringContaining('0 objects') },
  ]);
});

test('where batches run in a workflow nothing is said of a run, and what has just come is no warning before the first', async () => {
  const { runtime, clock, store } = openPlant();
  await store([userFact('u_anna', { zone: 'UTC' })]);
  // As S3 lists: when each was stored is told.
  const list: typeof runtime.objects.list = async function* (prefix, options) {
    for await (const one of runtime.objects.list(prefix, options)) yield { ...one, storedAt: clock.now() };
  };
  const young = { ...runtime, objects: { ...runtime.objects, list } };
  const elsewhere = { ...young, workflow: { start: async () => 'running' as const } };
  expect(await examine([batches], young)).toMatchObject([
    { state: 'ok', detail: expect.stringContaining('1 objects') },
  ]);
  expect(await examine([batches], elsewhere)).toMatchObject([
    { state: 'ok', detail: 'No batch has run yet; 1 objects are not published.' },
  ]);
});

test('a batch that refused a large share is a warning, as are accounts nobody has connected', async () => {
  const { runtime, clock, store } = openPlant();
  await store([userFact('u_anna', { zone: 'UTC' }), connectionFact('u_anna', 'garmin', 'g')]);
  await store([garminDaily('g', '2026-03-01', { steps: 5000 })]);
  await transform(runtime);
  expect(await examine([quarantine, unclaimed], runtime)).toMatchObject([{ id: 'quarantine', state: 'ok' }]);
  clock.advance(1000);
  // More steps than a day can hold, and somebody else's day.
  await store([garminDaily('g', '2026-03-02', { steps: 900_000 }), garminDaily('other', '2026-03-02', { steps: 1 })]);
  await transform(runtime, { all: true });
  const found = await examine([quarantine, unclaimed], runtime);
  expect(found).toMatchObject([
    { id: 'quarantine', state: 'warn', detail: 'The last batch refused 1 of 1 values.' },
    { id: 'unclaimed.garmin', state: 'warn', detail: expect.stringMatching(/^1 accounts of Garmin /) },
  ]);
  expect(JSON.stringify(found)).not.toContain('900000');
});

test('a source of which nothing has come is quiet, and says the first step', async () => {
  const { runtime } = openPlant();
  const anna = await addUser(runtime, { name: 'Anna' });
  const whole = { ...runtime, vault: openVault(runtime.state), oauthClient: noClient, ...REST };
  expect(await examine([freshness], whole)).toEqual([]);
  await link(runtime, { provider: 'garmin', user: anna, externalId: 'g' });
  expect(await examine([freshness], whole)).toMatchObject([
    {
      id: `freshness.garmin.${anna.user_id}`,
      state: 'warn',
      detail: expect.stringMatching(/^Garmin of Anna: no data yet\. Nothing/),
    },
  ]);
});
