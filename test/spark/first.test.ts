import { appendFileSync, cpSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readCatalog, storedModels } from '../../ports/engine/duckdb/catalog.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { rawObject } from '../support/raw.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { MODELS } from '../support/transform.ts';
import { garmin, person } from '../models/deliveries.ts';
import { openSparkPlant, type SparkPlant } from './plant.ts';

if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

/** Beside the models: what the jobs keep for themselves. */
const OWN = ['account_owners', 'batches', 'objects', 'records', 'taken'];
/** Marts about nobody. */
const SEEDED = ['dim_activity', 'dim_date', 'dim_metric'];

/** A mart in one piece: in each of its partitions Iceberg leaves fewer than five files as they are. */
const ACTIVITIES = 'lake.health.dim_activity';

const RECEIVED = '2026-11-20T10:00:00Z';
const day = [{ calendarDate: '2026-11-10', startTimeInSeconds: 1_762_729_200, durationInSeconds: 86_400, steps: 5 }];

describe.skipIf(!hasSpark)('the jobs of a new stack without samples', () => {
  let plant: SparkPlant;
  beforeAll(async () => {
    plant = await openSparkPlant();
  });
  afterAll(() => plant.stop());

  const job = async (name: 'silver' | 'gold', ...more: readonly string[]): Promise<readonly string[]> => {
    const { error, lines } = await plant.spark.job(name, { more: ['--SAMPLES', 'false', ...more] });
    expect(error).toBeUndefined();
    return lines.map(({ step }) => step);
  };
  /** Writes the activities again in six commits, each a file of its own at least. */
  const scatter = async (sports: readonly Readonly<Record<string, unknown>>[]): Promise<void> => {
    await plant.spark.rows(`delete from ${ACTIVITIES}`);
    for (const start of [0, 1, 2, 3, 4, 5]) {
      const part = sports.filter((_, at) => at % 6 === start);
      const values = part.map(
        (row) => `('${String(row['sport'])}', '${String(row['title'])}', '${String(row['sport_group'])}')`,
      );
      await plant.spark.rows(`insert into ${ACTIVITIES} (sport, title, sport_group) values ${values.join(', ')}`);
    }
  };
  const filesOf = async (table: string) => (await plant.spark.rows(`select file_path from ${table}.files`)).length;
  const run = async (): Promise<readonly string[]> => [...(await job('silver')), ...(await job('gold'))];

  test('make every table, fill those made from seeds alone, and tell of nobody', async () => {
    await run();
    const snapshots = await plant.snapshots();
    const stored = storedModels(readCatalog(MODELS)).map(({ name }) => name);
    expect(Object.keys(snapshots).toSorted()).toEqual([...new Set([...stored, ...OWN])].toSorted());
    const written = Object.keys(snapshots).filter((name) => snapshots[name] !== 0);
    expect(written.toSorted()).toEqual(['batches', ...SEEDED]);
    expect(written.every((name) => snapshots[name] === 1)).toBe(true);
    expect(await plant.keys('open/')).toEqual([]);
    expect(await plant.events()).toEqual([expect.objectContaining({ users: [], days: 0 })]);
  });

  test('keep what an account nobody has connected sent out of the tables', async () => {
    const stranger = garmin('dailies', day, RECEIVED, 'nobody');
    await plant.store([...person(), garmin('dailies', day, RECEIVED), stranger].map(rawObject));
    expect((await run()).filter((step) => step.startsWith('kept up'))).toEqual([]);
    expect(await plant.spark.rows('select distinct user_id from lake.health.daily_metrics')).toEqual([
      { user_id: 'u_a' },
    ]);
    expect(await plant.spark.rows('select count(*) as n from lake.health.samples')).toEqual([{ n: 0 }]);
    expect((await plant.snapshots())['daily_metrics']).toBe(1);
  });

  test('put small files together, keep what tables were for so many days, and compute anew a batch whose models were changed between the two', async () => {
    const newer = makeDirectory();
    onTestFinished(() => removeDirectory(newer));
    cpSync(MODELS, newer, { recursive: true });
    appendFileSync(path.join(newer, 'marts', 'meals.sql'), '-- a newer text\n');
    await plant.store([rawObject(garmin('dailies', [{ ...day[0], steps: 6 }], '2026-11-20T11:00:00Z'))]);
    await job('silver');
    const sports = await plant.spark.rows(`select * from ${ACTIVITIES} order by sport`);
    await scatter(sports);
    expect(await filesOf(ACTIVITIES)).toBeGreaterThan(5);
    const steps = await job('gold', '--MODELS', newer, '--HISTORY_DAYS', '0');
    // Put together, and still what they were.
    expect(await filesOf(ACTIVITIES)).toBe(1);
    expect(await plant.spark.rows(`select * from ${ACTIVITIES} order by sport`)).toEqual(sports);
    const kept = steps.filter((step) => step.startsWith('kept up'));
    expect(kept.at(-1)).toBe('kept up batches');
    const snapshots = await plant.snapshots();
    expect(kept).toHaveLength(Object.keys(snapshots).length);
    // This is the third run: what its own first job replaced was replaced before this one began, and goes; what this one replaced may be read.
    expect(snapshots).toMatchObject({ observations: 1, objects: 1, batches: 2, daily_metrics: 2 });
    expect(Object.values(snapshots).every((n) => n <= 2)).toBe(true);
    expect(await plant.events()).toHaveLength(2);
    expect(await job('silver', '--MODELS', newer)).toContain('modelled');
    // The newer text changes no row. A batch notes it all the same, so that the run after it has nothing to compute.
    expect(await job('gold', '--MODELS', newer)).toContain('recorded');
    expect(await plant.events()).toEqual([expect.objectContaining({ users: [], days: 0 })]);
    const after = await plant.snapshots();
    expect([await job('silver', '--MODELS', newer), await job('gold', '--MODELS', newer)].flat()).not.toContain(
      'modelled',
    );
    expect(await plant.snapshots()).toEqual(after);
  });
});
