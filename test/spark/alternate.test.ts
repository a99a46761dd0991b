import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSystemClock } from '../../ports/clock/system.ts';
import { createS3Place } from '../../ports/engine/small/s3.ts';
import type { RawInput } from '../../ports/engine/engine.ts';
import { createGlueIceberg } from '../../ports/iceberg/glue.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { createS3Objects } from '../../ports/objects/s3.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { keepingBus, smallOver } from '../support/small.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { MODELS } from '../support/transform.ts';
import { playedObjects, recordedObjects } from './corpus.ts';
import { openSparkPlant, type SparkPlant } from './plant.ts';
import { lakeTables, localTables } from './twin.ts';

if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

const isFact = ({ key }: RawInput): boolean => key.split('/')[2] === 'wellspring';

const [RAW, LAKE, DATABASE] = ['made-up-raw', 'made-up-lake', 'health'];

describe.skipIf(!hasSpark)('the jobs and the small engine in turn', () => {
  let plant: SparkPlant;
  let objects: readonly RawInput[];
  const directory = makeDirectory();
  beforeAll(async () => {
    plant = await openSparkPlant();
    objects = [...recordedObjects(), ...(await playedObjects(path.join(directory, 'demo')))];
  });
  afterAll(async () => {
    await plant.stop();
    removeDirectory(directory);
  });

  /** Every third object, from one of the first three on; facts with the first, so that nothing waits for an owner and a run reads what is new alone. */
  const third = (start: number) => [
    ...objects.filter((one) => start === 0 && isFact(one)),
    ...objects.filter((one) => !isFact(one)).filter((_, at) => at % 3 === start),
  ];
  const spark = async (): Promise<void> => {
    expect((await plant.spark.job('silver')).error).toBeUndefined();
    expect((await plant.spark.job('gold')).error).toBeUndefined();
  };
  const small = () => {
    const { connection } = plant.moto;
    const clock = createSystemClock();
    const { bus } = keepingBus();
    const tables = { bucket: LAKE, database: DATABASE, connection, clock, ids: createRandomIds() };
    return smallOver({
      objects: createS3Objects({ bucket: RAW, connection }),
      catalog: createGlueIceberg(tables),
      aside: () => createGlueIceberg({ ...tables, isAside: true }),
      place: createS3Place({ bucket: LAKE, connection }),
      bus,
      clock,
      modelsDirectory: MODELS,
    });
  };

  test('leave what either alone leaves, and what only one of them knows', async () => {
    await plant.store(third(0));
    await spark();
    await plant.spark.rows(`alter table lake.${DATABASE}.daily_metrics add columns (mood string)`);
    await plant.spark.rows(`update lake.${DATABASE}.daily_metrics set mood = concat('mood of ', metric)`);
    const moods = await plant.spark.rows(
      `select count(*) as n from lake.${DATABASE}.daily_metrics where mood is not null`,
    );
    expect(Number(moods[0]?.['n'])).toBeGreaterThan(20);

    await plant.store(third(1));
    const engine = small();
    const record = await engine.run();
    expect(record?.objects).toBe(third(1).length);
    // Of the jobs' own tables nothing but what these objects say has changed; who is new has no mood.
    const kept = await plant.spark.rows(
      `select count(*) as n from lake.${DATABASE}.daily_metrics where mood = concat('mood of ', metric)`,
    );
    expect(Number(kept[0]?.['n'])).toBeGreaterThan(20);

    await plant.store(third(2));
    await spark();
    const local = await localTables(path.join(directory, 'lake'), objects, { batchId: 'b', now: 0 }, { ours: false });
    const made = await lakeTables(plant, { ours: false });
    for (const [name, rows] of Object.entries(local)) expect(made[name], name).toEqual(rows);
    const columns = await plant.spark.rows(`select * from lake.${DATABASE}.daily_metrics limit 1`);
    expect(Object.keys(columns[0] ?? {})).toContain('mood');

    const before = await engine.snapshots();
    expect(await engine.run()).toBeUndefined();
    expect(await engine.snapshots()).toEqual(before);
  });
});
