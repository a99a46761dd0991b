import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ANNA, steps, writeSamples } from '../ports/engine/small/memory.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { rawObject } from '../support/raw.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { openSparkPlant, type SparkPlant } from './plant.ts';
import { writeToyModels } from './toy.ts';

if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

const daily = (day: number) => rawObject(steps('anna', `2026-11-${day}`, day * 100, day));

/** One of each day, a hundred times its number. */
const values = (...days: readonly number[]) => days.map((day) => ({ local_date: `2026-11-${day}`, value: day * 100 }));

describe.skipIf(!hasSpark)('the key samples', () => {
  let plant: SparkPlant;
  const directory = makeDirectory();
  const models = path.join(directory, 'models');
  beforeAll(async () => {
    writeToyModels(models);
    writeSamples(models);
    plant = await openSparkPlant();
    await plant.store([...ANNA.map(rawObject), ...[17, 18].map(daily)]);
  });
  afterAll(async () => {
    await plant.stop();
    removeDirectory(directory);
  });

  /** A run of both jobs; answers the tables that were committed meanwhile, and how often. */
  async function run(samples: boolean): Promise<Readonly<Record<string, number>>> {
    const before = await plant.snapshots();
    for (const job of ['silver', 'gold'] as const) {
      const { error } = await plant.spark.job(job, { more: ['--MODELS', models, '--SAMPLES', String(samples)] });
      expect(error).toBeUndefined();
    }
    const after = Object.entries(await plant.snapshots()).map(([name, n]) => [name, n - (before[name] ?? 0)] as const);
    return Object.fromEntries(after.filter(([, n]) => n > 0));
  }
  const rows = (table: string) =>
    plant.spark.rows(`select local_date, value from lake.health.${table} order by local_date`);

  test('without samples their table is emptied in one commit by the next run, though nothing is new, and days stay', async () => {
    expect(await run(true)).toMatchObject({ samples: 1, daily_metrics: 1 });
    expect(await rows('samples')).toEqual(values(17, 18));
    expect(await run(false)).toEqual({ samples: 1, batches: 1 });
    expect([await rows('samples'), await rows('daily_metrics')]).toEqual([[], values(17, 18)]);
    expect(await run(false)).toEqual({});
  });

  test('what comes while there are no samples makes days and no sample, and with samples again they are there whole', async () => {
    await plant.store([daily(19)]);
    expect(await run(false)).toMatchObject({ daily_metrics: 1 });
    expect([await rows('samples'), await rows('daily_metrics')]).toEqual([[], values(17, 18, 19)]);
    expect(await run(true)).toEqual({ samples: 1, batches: 1 });
    expect(await rows('samples')).toEqual(values(17, 18, 19));
    expect(await run(true)).toEqual({});
  });
});
