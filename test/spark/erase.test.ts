import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode } from '../../ports/iceberg/avro.ts';
import { createS3Storage } from '../../ports/iceberg/s3.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { openSparkPlant, type SparkPlant } from './plant.ts';

if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

/** Whatever texts and bytes there are in a record. */
function textsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return typeof value === 'object' && value !== null ? Object.values(value).map(textsOf).join(' ') : '';
}

const COLUMNS = { user_id: 'string', n: 'int' };

describe.skipIf(!hasSpark)('an erasure', () => {
  let plant: SparkPlant;
  beforeAll(async () => {
    plant = await openSparkPlant();
  });
  afterAll(() => plant.stop());

  /** The files beside the rows that say the id: metadata, lists and manifests. Of a manifest both ends of each column are read. */
  async function saying(id: string): Promise<readonly string[]> {
    const storage = createS3Storage(plant.moto.connection);
    const found: string[] = [];
    for await (const { address } of storage.list('s3://made-up-lake/tables/')) {
      if (!address.includes('/metadata/')) continue;
      const bytes = await storage.read(address);
      const text = address.endsWith('.avro') ? textsOf(decode(bytes).records) : Buffer.from(bytes).toString();
      if (text.includes(id)) found.push(address.slice('s3://made-up-lake/tables/'.length).split('/')[0] ?? '');
    }
    return [...new Set(found)].toSorted();
  }

  test('leaves no manifest that says who was erased, as the least or the greatest id of a file that is gone', async () => {
    const { spark } = plant;
    const write = (table: string, values: string) => spark.rows(`insert into lake.health.${table} values ${values}`);
    // Every way a file of theirs can go: `apart` is theirs alone and goes as it is, out of the one manifest it shares; `among` is written anew;
    // `alone` was all there was; `earlier` went with a change long before, and its manifest lives on with the file of another.
    await spark.create({ name: 'apart', columns: COLUMNS, partition: 'user_id' });
    await write('apart', "('u_gone', 1), ('u_stays', 2)");
    for (const name of ['among', 'alone']) await spark.create({ name, columns: COLUMNS });
    await write('among', "('u_gone', 1), ('u_stays', 2)");
    await write('alone', "('u_gone', 1)");
    await spark.create({ name: 'earlier', columns: COLUMNS, partition: 'user_id' });
    await write('earlier', "('u_gone', 1), ('u_stays', 2)");
    await spark.rows("delete from lake.health.earlier where user_id = 'u_gone'");
    // And one of several manifests.
    await spark.create({ name: 'several', columns: COLUMNS, partition: 'user_id' });
    await write('several', "('u_gone', 1), ('u_stays', 2)");
    await write('several', "('u_other', 3)");
    expect(await saying('u_gone')).toEqual(['alone', 'among', 'apart', 'earlier', 'several']);
    const more = ['--USERS', 'u_gone', '--IDLE_AT', String(Date.now())];
    const { error, lines } = await spark.job('erase', { more });
    expect(error).toBeUndefined();
    expect(lines.at(-1)?.['tables']).toEqual({ alone: 1, among: 1, apart: 1, several: 1 });
    expect(await saying('u_gone')).toEqual([]);
    expect(await spark.rows('select * from lake.health.alone')).toEqual([]);
    for (const name of ['among', 'apart', 'earlier']) {
      expect(await spark.rows(`select * from lake.health.${name}`), name).toEqual([{ user_id: 'u_stays', n: 2 }]);
    }
    const two = await spark.rows('select * from lake.health.several order by n');
    expect(two).toEqual([
      { user_id: 'u_stays', n: 2 },
      { user_id: 'u_other', n: 3 },
    ]);
    // Files that stay keep their figures.
    expect(await saying('u_stays')).toEqual(['among', 'apart', 'earlier', 'several']);
    const before = await plant.keys('tables/');
    expect((await spark.job('erase', { more })).error).toBeUndefined();
    expect(await plant.keys('tables/')).toEqual(before);
  });
});
