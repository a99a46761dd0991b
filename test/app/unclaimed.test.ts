import { join } from 'node:path';
import { expect, test } from 'vitest';
import { counted } from '../../app/doctor/counted.ts';
import { unclaimed } from '../../app/doctor/tables.ts';
import { noteCounts } from '../../app/counted.ts';
import { link } from '../../app/connections.ts';
import { createCounters } from '../../app/counters.ts';
import { addUser } from '../../app/people.ts';
import { rebuild } from '../../app/rebuild.ts';
import { repair } from '../../app/sweep.ts';
import { transform } from '../../app/transform.ts';
import { dropUnclaimed } from '../../app/unclaimed.ts';
import { createLibsqlState } from '../../ports/state/libsql.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { garminDaily } from '../support/payloads.ts';
import { openPlant } from '../support/plant.ts';
import type { Payload } from '../support/raw.ts';

const DAY_MS = 86_400_000;
const STATES =
  'select account, state, count(*) as n from raw_objects where provider = $$garmin$$ group by all order by 1';

/** A whole plant in which objects are written when they are stored. */
function open() {
  const plant = openPlant();
  const runtime = { ...plant.runtime, counters: createCounters(), ownerToken: 'made-up' };
  const now = (payload: Payload): Payload => ({ ...payload, receivedAt: plant.clock.now() });
  const store = (...payloads: readonly Payload[]) => plant.store(payloads.map(now));
  const isThere = async (key: string) => (await runtime.objects.get(key)) !== undefined;
  return { ...plant, runtime, now, store, isThere };
}

const notice = (externalId: string): Payload => ({
  provider: 'garmin',
  externalId,
  type: 'garmin.ping',
  data: { dailies: [{ userId: externalId, callbackURL: 'https://provider.example/x' }] },
  receivedAt: 0,
  notice: true,
});

test('what nobody claimed goes after seven whole days, notices too, and its line in the tables with it', async () => {
  const { runtime, clock, store, isThere, query } = open();
  const { user_id } = await addUser(runtime, { name: 'Anna', zone: 'UTC' });
  await link(runtime, { provider: 'garmin', user: { user_id }, externalId: 'anna' });
  const keys = await store(garminDaily('stranger', '2026-11-19', { steps: 1 }), notice('stranger'));
  const [hers = ''] = await store(garminDaily('anna', '2026-11-19', { steps: 5000 }));
  await transform(runtime);
  // It is 20 November: dates before the 20th are due on the 27th, the 20th itself on the 28th.
  clock.advance(7 * DAY_MS);
  expect(await dropUnclaimed(runtime)).toBe(0);
  clock.advance(DAY_MS);
  expect(await dropUnclaimed(runtime)).toBe(2);
  expect(await Promise.all(keys.map(isThere))).toEqual([false, false]);
  expect(await isThere(hers)).toBe(true);
  expect(await query(STATES)).toEqual([{ account: accountOf('garmin', 'anna'), state: 'processed', n: 1 }]);
  // The tables are what they would be had it never come.
  expect(await rebuild(runtime, { dryRun: true })).toEqual({ changes: [] });
  expect(await dropUnclaimed(runtime)).toBe(0);
});

test('what somebody has connected stays, also when no batch knows of it yet', async () => {
  const { runtime, clock, store, isThere, query } = open();
  const { user_id } = await addUser(runtime, { name: 'Anna', zone: 'UTC' });
  const keys = await store(garminDaily('anna', '2026-11-19', { steps: 5000 }), notice('anna'));
  await transform(runtime);
  clock.advance(30 * DAY_MS);
  await link(runtime, { provider: 'garmin', user: { user_id }, externalId: 'anna' });
  expect(await dropUnclaimed(runtime)).toBe(0);
  await transform(runtime);
  expect(await Promise.all(keys.map(isThere))).toEqual([true, true]);
  expect(await query(`select value from daily_metrics where metric = 'steps'`)).toEqual([{ value: 5000 }]);
});

test('what no batch has looked at stays, and what names no account is quarantined instead', async () => {
  const { runtime, clock, store, isThere } = open();
  await addUser(runtime, { name: 'Anna' });
  const { externalId: _, ...nobody } = garminDaily('x', '2026-11-19', { steps: 1 });
  const [unknown = ''] = await store(nobody);
  await transform(runtime);
  const [unseen = ''] = await store(garminDaily('stranger', '2026-11-19', { steps: 1 }));
  clock.advance(30 * DAY_MS);
  expect(await dropUnclaimed(runtime)).toBe(0);
  expect([await isThere(unknown), await isThere(unseen)]).toEqual([true, true]);
});

test('the days are those of the configuration, and what was deleted is counted and told', async () => {
  const { runtime, clock, store } = open();
  await addUser(runtime, { name: 'Anna' });
  await store(garminDaily('stranger', '2026-11-19', { steps: 1 }));
  await transform(runtime);
  const patient = { ...runtime, unclaimedDays: 2 };
  const [waits] = await unclaimed.run(patient);
  expect(waits?.detail).toContain('1 objects wait, each for 2 days, and are deleted then.');
  clock.advance(3 * DAY_MS);
  const round = await repair(patient);
  expect(round.unclaimed).toBe(1);
  await noteCounts(patient);
  expect((await counted.run(patient)).map(({ ok, detail }) => [ok, detail])).toEqual([
    [true, expect.stringContaining('objects of accounts nobody connected in time, deleted (1)')],
  ]);
  expect(await unclaimed.run(patient)).toEqual([]);
});

test('a stack’s sweep deletes nothing', async () => {
  const { runtime, clock, store, isThere } = open();
  const [key = ''] = await store(garminDaily('stranger', '2026-11-19', { steps: 1 }));
  await transform(runtime);
  clock.advance(30 * DAY_MS);
  const round = await repair({ ...runtime, workflow: { start: () => Promise.resolve('running' as const) } });
  expect(round.unclaimed).toBeUndefined();
  expect(await isThere(key)).toBe(true);
});

test('what somebody connects while the deletion stands still stays, and the tables know what is gone', async () => {
  const { runtime: plant, clock, store, isThere, query } = open();
  const file = join(temporaryDirectory(), 'state.db');
  const [state, theirs] = [createLibsqlState({ file, clock }), createLibsqlState({ file, clock })];
  const runtime = { ...plant, state };
  const { user_id } = await addUser(runtime, { name: 'Anna', zone: 'UTC' });
  const days = ['2026-11-17', '2026-11-18'].map((day) => garminDaily('anna', day, { steps: 5000 }));
  const keys = await store(...days);
  await transform(runtime);
  clock.advance(8 * DAY_MS);
  const deleted: string[] = [];
  const remove = async (key: string): Promise<void> => {
    await runtime.objects.delete(key);
    deleted.push(key);
    clock.advance(30_000);
    await link({ ...runtime, state: theirs }, { provider: 'garmin', user: { user_id }, externalId: 'anna' });
  };
  const late = dropUnclaimed({ ...runtime, objects: { ...runtime.objects, delete: remove } });
  await expect(late).rejects.toMatchObject({ code: 'lease_lost' });
  expect(deleted).toHaveLength(1);
  expect((await Promise.all(keys.map(isThere))).filter(Boolean)).toHaveLength(1);
  await transform(runtime);
  expect(await query(`select value from daily_metrics where metric = 'steps'`)).toEqual([{ value: 5000 }]);
  expect(await rebuild(runtime, { dryRun: true })).toEqual({ changes: [] });
  await Promise.all([state.close(), theirs.close()]);
});
