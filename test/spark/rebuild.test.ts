import path from 'node:path';
import { CreateWorkflowCommand, GlueClient } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Rebuild } from '../../app/small.ts';
import { LONGEST_MS, rebuildStack } from '../../local/stack/rebuild.ts';
import { clientSettings } from '../../ports/aws.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { createGlueRuns, type WorkflowRuns } from '../../ports/engine/glue-runs.ts';
import { createS3Place } from '../../ports/engine/small/s3.ts';
import { ANNA, steps } from '../ports/engine/small/memory.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { rawObject } from '../support/raw.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { openToyModels } from '../support/toy-models.ts';
import { openSparkPlant, type SparkPlant } from './plant.ts';
import { writeToyModels } from './toy.ts';
import { lakeTables, localTables, type Tables } from './twin.ts';

if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

const WORKFLOW = 'made-up-transform';

const daily = (day: number) => rawObject(steps('anna', `2026-11-${day}`, day * 100, day));
const kept = [...ANNA.map(rawObject), ...[17, 18, 19].map(daily)];
const vanished = daily(16);
const late = daily(20);

/** A cell of Anna's steps on a day of November that a dry run tells of. */
const cell = (day: number, column: string, before: unknown, after: unknown) => {
  const key = { user_id: 'u_anna', local_date: `2026-11-${day}`, metric: 'steps' };
  return { table: 'daily_metrics', ...key, column, before, after };
};

/** What a run ends with where four rows break an audit. */
const refused = (model: string, audit: string) =>
  `audit_failed: ${model}: the audit "${audit}" found 4 rows; the tables are those of before`;

describe.skipIf(!hasSpark)('a rebuild by the jobs', () => {
  let plant: SparkPlant;
  let right: Tables;
  const directory = makeDirectory();
  const models = path.join(directory, 'models');
  beforeAll(async () => {
    writeToyModels(models);
    plant = await openSparkPlant();
    await new GlueClient(clientSettings(plant.moto.connection)).send(new CreateWorkflowCommand({ Name: WORKFLOW }));
    const lake = path.join(directory, 'lake');
    right = await localTables(lake, kept, { batchId: 'b', now: 0 }, { ours: false, models });
    await plant.store([...kept, vanished]);
  });
  afterAll(async () => {
    await plant.stop();
    removeDirectory(directory);
  });

  const runsOf = (): WorkflowRuns => createGlueRuns({ workflow: WORKFLOW, connection: plant.moto.connection });
  /** The stack's own, in which these jobs have their turn; moto runs none, and its runs have no end. */
  const workflow = (jobs: readonly ('silver' | 'gold')[]): WorkflowRuns => {
    const runs = runsOf();
    return {
      async begin(properties) {
        const id = (await runs.begin(properties)) ?? '';
        const more = ['--MODELS', models, '--WORKFLOW_NAME', WORKFLOW, '--WORKFLOW_RUN_ID', id];
        for (const job of jobs) expect((await plant.spark.job(job, { more })).error).toBeUndefined();
        return id;
      },
      look: async (id) => ({ ...(await runs.look(id)), isActive: false }),
    };
  };
  const rebuild = (how: Rebuild) =>
    rebuildStack(how, {
      runs: workflow(['silver', 'gold']),
      place: createS3Place({ bucket: 'made-up-lake', connection: plant.moto.connection }),
      clock: createSystemClock(),
      longestMs: LONGEST_MS.spark,
      signal: new AbortController().signal,
      say: () => undefined,
    });
  const tables = () => lakeTables(plant, { ours: false, models });
  const sql = (statement: string) => plant.spark.rows(statement.replaceAll('health.', 'lake.health.'));
  const state = async () => ({ snapshots: await plant.snapshots(), keys: await plant.keys('') });

  test('a dry run before the first batch tells of all rows and makes no table', async () => {
    // Two facts and four days, each of them an object.
    const told = { observations: 4, daily_metrics: 4, raw_objects: 6 };
    const added = Object.entries(told).map(([name, rows]) => [name, { added: rows, changed: 0, removed: 0 }]);
    expect(await rebuild('dry-run')).toMatchObject({ objects: 6, tables: Object.fromEntries(added) });
    expect(await plant.snapshots()).toEqual({});
  });

  test('an ordinary batch puts what it changed beside what its run was started with', async () => {
    const id = (await workflow(['silver', 'gold']).begin({ asked_by: 'a person' })) ?? '';
    const [event, ...more] = await plant.events();
    expect(more).toEqual([]);
    // Two facts and four days, each an object of one record; the accounts are her toy's and the one of her own facts.
    const bySilver = { records: '6', account_owners: '2', objects: '6', observations: '4' };
    expect((await runsOf().look(id)).properties).toEqual({
      asked_by: 'a person',
      ...Object.fromEntries(Object.entries(bySilver).map(([name, rows]) => [`silver_${name}`, rows])),
      batch_id: event?.batch_id,
      ...bySilver,
      daily_metrics: '4',
      raw_objects: '6',
    });
  });

  test('a dry run tells what a rebuild would change, by row and by cell, and commits nothing', async () => {
    await sql(`update health.daily_metrics set value = 1 where local_date = date '2026-11-17'`);
    await sql(`delete from health.daily_metrics where local_date = date '2026-11-18'`);
    await sql(`update health.records set record = replace(record, '1900', '9900')`);
    // Raw has it no more, and nothing says that it was ever read: no batch would find what is stored of it.
    await plant.remove(vanished.key);
    await sql(`delete from health.objects where raw_key = '${vanished.key}'`);
    const before = await state();
    const told = await rebuild('dry-run');
    // The 16th goes from every table; of the others the 17th is changed and the 18th comes. Records are nothing people query.
    expect(told).toMatchObject({
      objects: 5,
      tables: {
        daily_metrics: { added: 1, changed: 1, removed: 1 },
        observations: { added: 0, changed: 0, removed: 1 },
        raw_objects: { added: 0, changed: 0, removed: 1 },
      },
    });
    expect(Object.keys(told.tables)).toHaveLength(3);
    expect('changes' in told && told.changes.filter(({ table }) => table === 'daily_metrics')).toEqual([
      cell(16, 'title', 'Steps', null),
      cell(16, 'value', 1600, null),
      cell(17, 'value', 1, 1700),
      cell(18, 'title', null, 'Steps'),
      cell(18, 'value', null, 1800),
    ]);
    expect('changes' in told && told.changes).toContainEqual(
      expect.objectContaining({ table: 'observations', column: 'received_at', before: '2026-11-20T00:16:00.000Z' }),
    );
    const after = await state();
    expect(after.snapshots).toEqual(before.snapshots);
    const written = after.keys.filter((key) => !before.keys.includes(key));
    expect(written.map((key) => key.replace(/b_\w+/, 'id'))).toEqual([
      'runs/id/changed/daily_metrics.ndjson',
      'runs/id/changed/observations.ndjson',
      'runs/id/changed/raw_objects.ndjson',
    ]);
    expect(await plant.events()).toEqual([]);
  });

  test('a rebuild makes the tables what a new stack has, and tells it', async () => {
    expect(await tables()).not.toEqual(right);
    // Of the records the 19th was altered, and the 16th is gone.
    expect(await rebuild('apply')).toMatchObject({ objects: 5, tables: { daily_metrics: 3, records: 2 } });
    expect(await tables()).toEqual(right);
    const records = await sql(`select record from health.records where raw_key like '%/toy/%' order by record`);
    expect(records.map(({ record }) => JSON.parse(String(record)))).toEqual([
      { day: '2026-11-17', steps: 1700 },
      { day: '2026-11-18', steps: 1800 },
      { day: '2026-11-19', steps: 1900 },
    ]);
    expect(await plant.events()).toEqual([expect.objectContaining({ users: ['u_anna'] })]);
    expect(await plant.keys('open/')).toEqual([]);
  });

  test('one that is broken off between the jobs is ended by the next run, which need be no rebuild', async () => {
    await sql(`update health.daily_metrics set value = 2 where local_date = date '2026-11-19'`);
    await workflow(['silver']).begin({ rebuild: 'apply' });
    expect(await tables()).not.toEqual(right);
    await workflow(['silver', 'gold']).begin({});
    expect(await tables()).toEqual(right);
    expect(await plant.events()).toHaveLength(1);
    expect(await plant.keys('open/')).toEqual([]);
  });

  test('of what is right it writes no snapshot, no record and no event', async () => {
    const before = await state();
    expect(await rebuild('apply')).toEqual({ batch_id: null, objects: 5, tables: {} });
    expect(await state()).toEqual(before);
    expect(await plant.events()).toEqual([]);
  });

  test('rows that break an audit end either job and a dry run before any table of theirs changes; mended models heal', async () => {
    const before = { tables: await tables(), ...(await state()) };
    await plant.store([late]);
    // Four days of nobody: the three that were there, and the new one.
    const ofNobody = openToyModels();
    writeToyModels(ofNobody.models);
    ofNobody.edit(
      'observations.sql',
      'select user_id, account',
      `select nullif(user_id, 'u_anna') as user_id, account`,
    );
    const job = (name: 'silver' | 'gold', from: string) => plant.spark.job(name, { more: ['--MODELS', from] });
    const silver = await job('silver', ofNobody.models);
    expect(silver.error).toBe(refused('observations', 'not_null user_id'));
    expect(silver.lines.at(-1)).toEqual({ step: 'silver failed', code: 'audit_failed', error: silver.error });
    expect(await tables()).toEqual(before.tables);
    // What was read is noted before a model runs, and is read no second time.
    const { objects = 0, records = 0 } = before.snapshots;
    expect(await plant.snapshots()).toEqual({ ...before.snapshots, objects: objects + 1, records: records + 1 });

    const negative = openToyModels();
    writeToyModels(negative.models);
    negative.edit('daily_metrics.sql', '/ 1000000e0 as value', '/ -1000000e0 as value');
    expect((await job('silver', negative.models)).error).toBeUndefined();
    const between = { tables: await tables(), ...(await state()) };
    const negatives = refused('daily_metrics', 'daily_metrics_not_negative');
    expect((await job('gold', negative.models)).error).toBe(negatives);
    const id = (await runsOf().begin({ rebuild: 'dry-run' })) ?? '';
    const asked = ['--MODELS', negative.models, '--WORKFLOW_NAME', WORKFLOW, '--WORKFLOW_RUN_ID', id];
    expect((await plant.spark.job('gold', { more: asked })).error).toBe(negatives);
    expect({ tables: await tables(), ...(await state()) }).toEqual(between);
    expect(between.tables['daily_metrics']).toEqual(before.tables['daily_metrics']);
    expect(await plant.events()).toEqual([]);

    await workflow(['silver', 'gold']).begin({});
    const healed = path.join(directory, 'healed');
    const all = [...kept, late];
    expect(await tables()).toEqual(await localTables(healed, all, { batchId: 'b', now: 0 }, { ours: false, models }));
    expect(await plant.events()).toEqual([expect.objectContaining({ users: ['u_anna'] })]);
    expect(await plant.keys('open/')).toEqual([]);
  });
});
