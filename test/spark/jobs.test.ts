import path from 'node:path';
import { CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientSettings } from '../../ports/aws.ts';
import { runRecord } from '../../ports/engine/run.ts';
import { READINGS_TABLES } from '../../ports/readings/readings.ts';
import type { RawInput } from '../../ports/engine/engine.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { rawObject } from '../support/raw.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { garmin } from '../models/deliveries.ts';
import { movers } from '../models/star/movers.ts';
import { playedObjects, recordedObjects } from './corpus.ts';
import { openSparkPlant, type SparkPlant } from './plant.ts';
import { lakeTables, localTables } from './twin.ts';

if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

const STAR = ['fact_daily', 'dim_user', 'dim_date', 'dim_metric', 'dim_source', 'dim_activity'];
const BATCH = /^b_\d{8}t\d{6}z_[a-z]{6}$/;

/** The day of `u_a` that is corrected, and the one that is new, both of the account `g` of the recordings. */
const daily = (day: string, steps: number, receivedAt: string) =>
  rawObject(
    garmin(
      'dailies',
      [{ calendarDate: day, startTimeInSeconds: Date.parse(day) / 1000, durationInSeconds: 86_400, steps }],
      receivedAt,
    ),
  );

describe.skipIf(!hasSpark)('the jobs, one after the other', () => {
  let plant: SparkPlant;
  let objects: RawInput[];
  const directory = makeDirectory();
  beforeAll(async () => {
    plant = await openSparkPlant();
    // A view beside the tables, as the star has one: none of the jobs’ business.
    const view = { Name: 'fact_workout', TableType: 'VIRTUAL_VIEW', Parameters: { presto_view: 'true' } };
    const glue = new GlueClient(clientSettings(plant.moto.connection));
    await glue.send(new CreateTableCommand({ DatabaseName: 'health', TableInput: view }));
    const played = await playedObjects(path.join(directory, 'demo'));
    objects = [...recordedObjects(), ...movers.map(rawObject), ...played];
    await plant.store(objects);
  });
  afterAll(async () => {
    await plant.stop();
    removeDirectory(directory);
  });

  const records = async () => (await plant.keys('runs/')).filter((key) => key.endsWith('/batch.json'));
  const lastRecord = async () =>
    runRecord.parse(JSON.parse(await plant.text((await records()).toSorted().at(-1) ?? '')));
  const lines = async (batchId: string, below: string): Promise<unknown[]> => {
    const key = `runs/${batchId}/${below}`;
    if (!(await plant.keys(key)).includes(key)) return [];
    const text = await plant.text(key);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  };
  const run = async (): Promise<void> => {
    expect((await plant.spark.job('silver')).error).toBeUndefined();
    expect((await plant.spark.job('gold')).error).toBeUndefined();
  };
  const expectTwins = async (name: string): Promise<void> => {
    const local = await localTables(
      path.join(directory, name, 'lake'),
      objects,
      { batchId: 'b', now: 0 },
      { ours: false },
    );
    expect(await lakeTables(plant, { ours: false })).toEqual(local);
  };

  test('make of recorded and played objects what the local engine makes of them, cell by cell', async () => {
    await run();
    const { batch_id: batchId, started_at } = await lastRecord();
    expect(batchId).toMatch(BATCH);
    const batch = { batchId, now: Date.parse(started_at) };
    const local = await localTables(path.join(directory, 'first', 'lake'), objects, batch, { ours: true });
    const made = await lakeTables(plant, { ours: true });
    for (const [name, rows] of Object.entries(local)) expect(made[name], name).toEqual(rows);
    expect(local['daily_metrics']?.length).toBeGreaterThan(150);
    for (const name of ['workouts', 'quarantine', 'meals', 'scores', 'freshness', 'night_pieces', ...STAR])
      expect(local[name], name).not.toEqual([]);
    for (const name of ['trends_weekly', 'features_daily', 'goals_daily'])
      expect(local[name]?.length, name).toBeGreaterThan(20);
  });

  test('leave a record, a line for every object and every row, and one event', async () => {
    const record = await lastRecord();
    const taken = await lines(record.batch_id, 'taken.ndjson');
    expect(taken).toHaveLength(objects.length);
    expect(taken).toContainEqual({ key: objects.find(({ key }) => key.includes('a_broken'))?.key, intake: 'read' });
    expect(record.objects).toBe(objects.length);
    for (const table of READINGS_TABLES) {
      const told = await lines(record.batch_id, `changed/${table}.ndjson`);
      expect(told).toHaveLength(record.tables[table] ?? 0);
    }
    const rows = await plant.spark.rows('select * from lake.health.daily_metrics');
    expect(await lines(record.batch_id, 'changed/daily_metrics.ndjson')).toEqual(
      expect.arrayContaining(rows.slice(0, 20).map((row) => ({ row }))),
    );
    const { batch_id, users, days } = record;
    expect(await plant.events()).toEqual([{ schema: 1, batch_id, users, days }]);
    expect(await plant.keys('open/')).toEqual([]);
  });

  test('with nothing new write no snapshot, no record and no event', async () => {
    const before = [await plant.snapshots(), await plant.keys('')];
    await run();
    expect([await plant.snapshots(), await plant.keys('')]).toEqual(before);
    expect(await plant.events()).toEqual([]);
  });

  test('of a correction and of an object that is gone, change those rows and no others', async () => {
    const before = await plant.snapshots();
    const gone = objects.find(({ key }) => key.includes('/withings/') && key.includes('/getworkouts-'));
    if (gone === undefined) throw new Error('the recordings hold no workouts');
    const workouts = await plant.spark.rows(
      `select workout_id, user_id from lake.health.workouts where raw_key = '${gone.key}'`,
    );
    objects = objects.filter((object) => object !== gone);
    await plant.remove(gone.key);
    const corrected = daily('2026-11-10', 4321, '2026-11-20T15:00:00Z');
    objects.push(corrected);
    await plant.store([corrected]);
    await run();
    await expectTwins('corrected');
    const record = await lastRecord();
    expect(await lines(record.batch_id, 'taken.ndjson')).toEqual([{ key: corrected.key, intake: 'read' }]);
    const [workout] = workouts;
    expect(await lines(record.batch_id, 'changed/workouts.ndjson')).toContainEqual({
      gone: { workout_id: workout?.['workout_id'] },
    });
    expect(record.users.toSorted()).toEqual(['u_a', String(workout?.['user_id'])].toSorted());
    const told = await lines(record.batch_id, 'changed/daily_metrics.ndjson');
    expect(told).toContainEqual({
      row: expect.objectContaining({ user_id: 'u_a', local_date: '2026-11-10', metric: 'steps', value: 4321 }),
    });
    expect(told.length).toBeLessThan(20);
    const after = await plant.snapshots();
    expect(after['sleep_sessions']).toBe(before['sleep_sessions']);
    expect(after['daily_metrics']).toBe((before['daily_metrics'] ?? 0) + 1);
    expect((await plant.events()).map(({ batch_id }) => batch_id)).toEqual([record.batch_id]);
  });

  test('that died between two tables, or between record and event, are made good by the next', async () => {
    const fresh = daily('2026-11-15', 777, '2026-11-20T16:00:00Z');
    objects.push(fresh);
    await plant.store([fresh]);
    expect(await plant.spark.job('silver', { diesAt: 'merged objects' })).toMatchObject({ died: true });
    expect((await plant.spark.job('silver')).error).toBeUndefined();
    expect(await plant.spark.job('gold', { diesAt: 'merged daily_metrics' })).toMatchObject({ died: true });
    expect(await plant.events()).toEqual([]);
    expect(await plant.spark.job('gold', { diesAt: 'recorded' })).toMatchObject({ died: true });
    expect(await plant.events()).toEqual([]);
    const record = await lastRecord();
    // Of the two runs that died only the one that told for both is left to be announced.
    expect(await plant.keys('open/')).toEqual([`open/${record.batch_id}`]);
    const row = expect.objectContaining({ local_date: '2026-11-15', metric: 'steps', value: 777 });
    expect(await lines(record.batch_id, 'changed/daily_metrics.ndjson')).toContainEqual({ row });
    expect(await lines(record.batch_id, 'taken.ndjson')).toContainEqual({ key: fresh.key, intake: 'read' });
    await expectTwins('healed');
    expect((await plant.spark.job('gold')).error).toBeUndefined();
    expect((await plant.events()).map(({ batch_id }) => batch_id)).toEqual([record.batch_id]);
    expect(await plant.keys('open/')).toEqual([]);
  });

  test('take a person out of every table and every snapshot', async () => {
    const accounts = (
      await plant.spark.rows(`select distinct account from lake.health.account_owners where user_id = 'u_a'`)
    ).map(({ account }) => String(account));
    const more = ['--USERS', 'u_a', '--ACCOUNTS', accounts.join(','), '--IDLE_AT', String(Date.now())];
    const others = await plant.spark.rows(`select count(*) as n from lake.health.daily_metrics where user_id <> 'u_a'`);
    const before = await plant.snapshots();
    const dry = await plant.spark.job('erase', { more: [...more, '--DRY_RUN', 'true'] });
    expect(await plant.snapshots()).toEqual(before);
    const done = await plant.spark.job('erase', { more });
    expect(done.lines.at(-1)?.['tables']).toEqual(dry.lines.at(-1)?.['tables']);
    expect(dry.lines.at(-1)?.['tables']).toMatchObject({
      daily_metrics: expect.any(Number),
      records: expect.any(Number),
      taken: expect.any(Number),
    });
    const again = await plant.spark.job('erase', { more: [...more, '--DRY_RUN', 'true'] });
    expect(again.lines.at(-1)?.['tables']).toEqual({});
    expect(
      await plant.spark.rows(`select count(*) as n from lake.health.daily_metrics where user_id <> 'u_a'`),
    ).toEqual(others);
    // Of the star: a person has rows of their own, a date is of nobody.
    expect(await plant.spark.rows(`select * from lake.health.dim_user where user_id = 'u_a'`)).toEqual([]);
    expect(await plant.spark.rows('select count(*) as n from lake.health.dim_date')).toEqual([{ n: 47_482 }]);
    for (const [table, snapshots] of Object.entries(await plant.snapshots())) {
      if (table === 'batches') continue;
      expect(snapshots, table).toBeLessThanOrEqual(1);
      const files = await plant.spark.rows(`select file_path from lake.health.${table}.all_files`);
      const kept = (await plant.keys(`tables/${table}/data/`)).map((key) => `s3://made-up-lake/${key}`);
      expect(kept.toSorted(), table).toEqual(files.map((file) => String(file['file_path'])).toSorted());
    }
  });
});
