import path from 'node:path';
import { CreateWorkflowCommand, GlueClient } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Rebuild } from '../../app/small.ts';
import { rebuildStack } from '../../local/stack/rebuild.ts';
import { clientSettings } from '../../ports/aws.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { readCatalog } from '../../ports/engine/duckdb/catalog.ts';
import { createGlueRuns, type WorkflowRuns } from '../../ports/engine/glue-runs.ts';
import { createS3Place } from '../../ports/engine/small/s3.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { rawObject } from '../support/raw.ts';
import { hasSpark } from '../support/spark.ts';
import { MODELS } from '../support/transform.ts';
import { garmin, person } from '../models/deliveries.ts';
import { openSparkPlant, type SparkPlant } from './plant.ts';
import { lakeTables, localTables, type Tables } from './twin.ts';

if (!hasSpark && process.env['CI'] === 'true') throw new Error('PySpark is not installed: run `node bin/python.mjs`.');

const [WORKFLOW, RECEIVED] = ['made-up-transform', '2026-11-20T10:00:00Z'];

/** A day of `u_a` with that many steps. */
const daily = (day: string, steps: number) =>
  rawObject(
    garmin(
      'dailies',
      [{ calendarDate: day, startTimeInSeconds: Date.parse(day) / 1000, durationInSeconds: 86_400, steps }],
      RECEIVED,
    ),
  );
const kept = [...person().map(rawObject), daily('2026-11-10', 1000), daily('2026-11-11', 1100), daily('2026-11-12', 1200)];
const vanished = daily('2026-11-13', 1300);

const { models } = readCatalog(MODELS);

/** Rows of a table as texts, by the values of its grain. */
function byGrain(name: string, rows: readonly string[]): ReadonlyMap<string, string> {
  const grain = models.get(name)?.spec.grain ?? [];
  return new Map(
    rows.map((text) => {
      const cells = new Map<string, unknown>(JSON.parse(text));
      return [JSON.stringify(grain.map((column) => cells.get(column))), text];
    }),
  );
}

/** How tables differ, in rows, of those that do. */
function differencesOf(from: Tables, to: Tables) {
  const counted = Object.entries(to).map(([name, rows]) => {
    const [before, after] = [byGrain(name, from[name] ?? []), byGrain(name, rows)];
    const both = [...after.keys()].filter((key) => before.has(key));
    const changed = both.filter((key) => before.get(key) !== after.get(key)).length;
    return [name, { added: after.size - both.length, changed, removed: before.size - both.length }] as const;
  });
  return Object.fromEntries(counted.filter(([, { added, changed, removed }]) => added + changed + removed > 0));
}

describe.skipIf(!hasSpark)('a rebuild by the jobs', () => {
  let plant: SparkPlant;
  let right: Tables;
  const directory = makeDirectory();
  beforeAll(async () => {
    plant = await openSparkPlant();
    await new GlueClient(clientSettings(plant.moto.connection)).send(new CreateWorkflowCommand({ Name: WORKFLOW }));
    right = await localTables(path.join(directory, 'lake'), kept, { batchId: 'b', now: 0 }, { ours: false });
    await plant.store([...kept, vanished]);
    await workflow(['silver', 'gold']).begin({});
    expect(await plant.events()).toHaveLength(1);
  });
  afterAll(async () => {
    await plant.stop();
    removeDirectory(directory);
  });

  /** The stack's own, of which only these jobs come to their turn. moto runs none and ends no run. */
  const workflow = (jobs: readonly ('silver' | 'gold')[]): WorkflowRuns => {
    const runs = createGlueRuns({ workflow: WORKFLOW, connection: plant.moto.connection });
    return {
      async begin(properties) {
        const id = (await runs.begin(properties)) ?? '';
        const more = ['--WORKFLOW_NAME', WORKFLOW, '--WORKFLOW_RUN_ID', id];
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
      signal: new AbortController().signal,
      say: () => undefined,
    });
  const tables = () => lakeTables(plant, { ours: false });
  const sql = (statement: string) => plant.spark.rows(statement.replaceAll('health.', 'lake.health.'));
  const state = async () => ({ snapshots: await plant.snapshots(), keys: await plant.keys('') });

  test('a dry run tells what a rebuild would change, by row and by cell, and commits nothing', async () => {
    await sql(`update health.daily_metrics set value = 1 where local_date = date '2026-11-10'`);
    await sql(`delete from health.daily_metrics where local_date = date '2026-11-11'`);
    await sql(`update health.records set record = replace(record, '1200', '9900')`);
    // Raw has it no more, and of what is stored of it nobody noted that it was read: no batch would find it.
    await plant.remove(vanished.key);
    await sql(`delete from health.objects where raw_key = '${vanished.key}'`);
    const before = await state();
    const told = await rebuild('dry-run');
    if (!('changes' in told)) throw new Error('It was told as a rebuild.');
    expect(told.objects).toBe(kept.length);
    expect(told.tables).toEqual(differencesOf(await tables(), right));
    // The 11th is added, the 10th changed, the 13th removed; records are nothing people query.
    expect(told.tables['daily_metrics']).toEqual({ added: 1, changed: 1, removed: 1 });
    const key = { table: 'daily_metrics', user_id: 'u_a', metric: 'steps', column: 'value' };
    expect(told.changes.filter(({ table, column }) => table === 'daily_metrics' && column === 'value')).toEqual([
      { ...key, local_date: '2026-11-10', before: 1, after: 1000 },
      { ...key, local_date: '2026-11-11', before: null, after: 1100 },
      { ...key, local_date: '2026-11-13', before: 1300, after: null },
    ]);
    const after = await state();
    expect(after.snapshots).toEqual(before.snapshots);
    const written = after.keys.filter((one) => !before.keys.includes(one));
    const [, id] = (written[0] ?? '').split('/');
    expect(written).toEqual(Object.keys(told.tables).toSorted().map((name) => `runs/${id}/changed/${name}.ndjson`));
    expect(await plant.events()).toEqual([]);
  });

  test('a rebuild makes the tables what a new stack has, and tells it', async () => {
    const told = await rebuild('apply');
    expect(await tables()).toEqual(right);
    // `1200` is right again, and what the 13th held is gone.
    expect(await sql(`select record from health.records where record like '%"steps"%' and record like '%9900%'`)).toEqual([]);
    expect(await sql(`select raw_key from health.records where raw_key = '${vanished.key}'`)).toEqual([]);
    // Of the records one was altered and one is of an object that is gone.
    expect(told).toMatchObject({ objects: kept.length, tables: { daily_metrics: 3, records: 2 } });
    expect(await plant.events()).toEqual([expect.objectContaining({ users: ['u_a'] })]);
    expect(await plant.keys('open/')).toEqual([]);
  });

  test('one that is broken off between the jobs is ended by the next run, which need be no rebuild', async () => {
    await sql(`update health.daily_metrics set value = 2 where local_date = date '2026-11-12'`);
    await workflow(['silver']).begin({ rebuild: 'apply' });
    expect(await tables()).not.toEqual(right);
    await workflow(['silver', 'gold']).begin({});
    expect(await tables()).toEqual(right);
    expect(await plant.events()).toHaveLength(1);
    expect(await plant.keys('open/')).toEqual([]);
  });

  test('of what is right it writes no snapshot, no record and no event', async () => {
    const before = await state();
    expect(await rebuild('apply')).toEqual({ batch_id: null, objects: kept.length, tables: {} });
    expect(await state()).toEqual(before);
    expect(await plant.events()).toEqual([]);
  });
});
