import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bucketOf, monthOf } from '../../ports/iceberg/iceberg.ts';
import type { Metadata } from '../../ports/iceberg/metadata.ts';
import { loadedOf, openIceberg } from '../support/iceberg.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { openParquet } from '../support/parquet.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { type Spark, startSpark } from '../support/spark.ts';

if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

const OURS = {
  user_id: 'text',
  local_date: 'date',
  n: 'bigint',
  i: 'int',
  value: 'double',
  is_day: 'boolean',
  at: 'timestamp',
} as const;
const SPARKS = {
  user_id: 'string',
  local_date: 'date',
  n: 'bigint',
  i: 'int',
  value: 'double',
  is_day: 'boolean',
  at: 'timestamp',
};
const { local_date: _ours, ...TIMELESS } = OURS;
const { local_date: _sparks, ...TIMELESS_SPARKS } = SPARKS;

/** What of a new table is the same whoever made it, and whenever. */
function lasting(metadata: Metadata, name: string): unknown {
  const { 'table-uuid': _, 'last-updated-ms': __, properties, ...rest } = metadata;
  const { owner: ___, ...own } = properties;
  return JSON.parse(JSON.stringify({ ...rest, properties: own }, plain).replaceAll(name, 'name'));
}

const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

const row = (user: string, day: string, n: number) =>
  `select '${user}' as user_id, ${day} as local_date, ${n}::bigint as n, 2::int as i, 0.5::double as value, true as is_day, timestamptz '2026-11-01 00:00:00Z' as at`;

describe.skipIf(!hasSpark)('the tables of Spark and our own', () => {
  let moto: Moto;
  let lake: Awaited<ReturnType<typeof openIceberg>>;
  let spark: Spark;
  beforeAll(async () => {
    moto = await startMoto();
    lake = await openIceberg(moto.connection);
    const { bucket, database } = lake;
    spark = startSpark({ url: moto.url, rawBucket: bucket, lakeBucket: bucket, database, bus: 'none' });
  });
  afterAll(async () => {
    await spark.stop();
    await moto.stop();
  });

  const named = (name: string): string => `lake.${lake.database}.${name}`;

  test.each([
    ['by months', 'days', OURS, SPARKS, undefined],
    ['by buckets', 'people', TIMELESS, TIMELESS_SPARKS, 'user_id'],
    ['in one piece', 'plain', TIMELESS, TIMELESS_SPARKS, undefined],
  ] as const)('are made the same, %s', async (_, name, columns, types, partition) => {
    await lake.catalog.create({ name: `our_${name}`, columns, partition });
    await spark.create({ name: `its_${name}`, columns: types, ...(partition && { partition }) });
    const [our, its] = [`our_${name}`, `its_${name}`];
    expect(lasting(await lake.metadata(our), our)).toEqual(lasting(await lake.metadata(its), its));
    const entries = await lake.entries();
    expect(entries[our]).toEqual(entries[its]);
    await spark.rows(`drop table ${named(its)}`);
    expect(await spark.rows(`select * from ${named(our)}`)).toEqual([]);
  });

  test('put rows into the same partitions', async () => {
    const values = ['u_a', 'account-1', '', 'é', '😀', 'abc', 'abcd', 'abcdefgh', 'garmin:g-1234567'];
    const buckets = values.map((value) => `lake.system.bucket(8, '${value}')`);
    const dates = ['1900-01-01', '1960-02-29', '1969-12-31', '1970-01-01', '2026-11-22', '2027-01-01'];
    const months = dates.map((value) => `lake.system.months(date '${value}')`);
    const [found] = await spark.rows(
      `select array(${buckets.join(', ')}) as buckets, array(${months.join(', ')}) as months`,
    );
    expect(found).toEqual({ buckets: values.map(bucketOf), months: dates.map(monthOf) });
  });

  test('are read and written by both in turn', async () => {
    const { catalog } = lake;
    const parquet = await openParquet(lake, catalog);
    const table = named('our_days');
    // One session remembers tables for half a minute; every job has a session of its own.
    const rows = async (sql: string) => {
      await spark.rows(`refresh table ${table}`);
      return spark.rows(sql);
    };
    const columns = 'user_id, local_date, n, i, value, is_day';
    const sorted = async (more = '') =>
      (await rows(`select cast(local_date as string) as local_date, user_id, n, value${more} from ${table}`))
        .map((one) => JSON.stringify(one))
        .toSorted();

    const empty = await loadedOf(catalog, 'our_days');
    await catalog.commit(empty, {
      removed: [],
      added: [
        await parquet.write(empty, 681, row('u_a', "date '2026-10-31'", 1)),
        await parquet.write(
          empty,
          682,
          `${row('u_a', "date '2026-11-01'", 2)} union all ${row('u_b', "date '2026-11-02'", 3)}`,
        ),
        await parquet.write(empty, null, row('u_c', 'null::date', 4)),
      ],
    });
    expect(
      await rows(
        `select user_id, cast(local_date as string) as day, n, i, value, is_day, at from ${table} where user_id = 'u_b'`,
      ),
    ).toEqual([
      { user_id: 'u_b', day: '2026-11-02', n: 3, i: 2, value: 0.5, is_day: true, at: '2026-11-01T00:00:00.000Z' },
    ]);
    expect(await sorted()).toHaveLength(4);

    // Spark changes a row and adds one, then a column with a value in it, and takes a row out.
    await rows(
      `merge into ${table} t using (select 'u_b' as user_id, date '2026-11-02' as local_date, 30L as n union all select 'u_d', date '2026-12-01', 5L) s ` +
        'on t.user_id = s.user_id and t.local_date <=> s.local_date when matched then update set t.n = s.n ' +
        'when not matched then insert (user_id, local_date, n) values (s.user_id, s.local_date, s.n)',
    );
    await rows(`alter table ${table} add columns (told string)`);
    await rows(`update ${table} set told = 'by Spark' where user_id = 'u_d'`);
    await rows(`delete from ${table} where user_id = 'u_c'`);

    const loaded = await loadedOf(catalog, 'our_days');
    expect(loaded.columns.map(({ id, name }) => [id, name])).toEqual(
      [...Object.keys(OURS), 'told'].map((name, at) => [at + 1, name]),
    );
    const all = ['u_a|2026-10-31|1|', 'u_a|2026-11-01|2|', 'u_b|2026-11-02|30|', 'u_d|2026-12-01|5|by Spark'];
    const text = "concat_ws('|', user_id, cast(local_date as varchar), n, coalesce(told, '')) as t";
    expect(await parquet.read(loaded, text)).toEqual(all.map((t) => ({ t })));

    // We write November again, with all the columns there are.
    const november = await catalog.files(loaded, new Set([monthOf('2026-11-01')]));
    const rewritten = await parquet.write(
      loaded,
      682,
      `select *, 'by us' as told from (${row('u_b', "date '2026-11-02'", 31)})`,
    );
    const ours = await catalog.commit(loaded, { removed: november, added: [rewritten] });
    expect(await rows(`select user_id, n, told from ${table} order by local_date`)).toEqual([
      { user_id: 'u_a', n: 1, told: null },
      { user_id: 'u_b', n: 31, told: 'by us' },
      { user_id: 'u_d', n: 5, told: 'by Spark' },
    ]);
    const [count] = await rows(`select count(*) as n, cast(sum(record_count) as bigint) as rows from ${table}.files`);
    expect(count).toEqual({ n: 3, rows: 3 });
    expect(await rows(`select sum(n) as n from ${table} version as of ${ours.snapshotId}`)).toEqual([{ n: 37 }]);

    // Spark goes on on top of that, and puts everything together.
    await rows(`update ${table} set n = n + 100`);
    await rows(`call lake.system.rewrite_manifests('${lake.database}.our_days')`);
    await rows(
      `call lake.system.expire_snapshots(table => '${lake.database}.our_days', older_than => timestamp '9999-01-01 00:00:00', retain_last => 1)`,
    );
    const last = await loadedOf(catalog, 'our_days');
    expect(await parquet.read(last, 'n')).toEqual(['101', '105', '131'].map((n) => ({ n })));
    const emptied = await catalog.commit(last, { removed: await catalog.files(last), added: [] });
    expect([await rows(`select ${columns} from ${table}`), await catalog.files(emptied)]).toEqual([[], []]);
  });

  test('are read by month: a manifest whose partitions nobody asks for is not opened', async () => {
    const { catalog } = lake;
    const parquet = await openParquet(lake, catalog);
    let table = await catalog.create({ name: 'pruned', columns: { user_id: 'text', local_date: 'date' } });
    for (const day of ['2026-10-31', '2026-11-01']) {
      const file = await parquet.write(table, monthOf(day), `select 'u_a' as user_id, date '${day}' as local_date`);
      table = await catalog.commit(table, { removed: [], added: [file] });
    }
    const manifests = await spark.rows(
      `select path, cast(partition_summaries as string) as months from ${named('pruned')}.manifests`,
    );
    expect(new Set(manifests.map(({ months }) => months))).toEqual(
      new Set(['[{false, false, 2026-10, 2026-10}]', '[{false, false, 2026-11, 2026-11}]']),
    );
    await lake.storage.remove(
      manifests.filter(({ months }) => String(months).includes('2026-10')).map(({ path }) => String(path)),
    );
    const asked = `select user_id from ${named('pruned')} where local_date =`;
    expect(await spark.rows(`${asked} date '2026-11-01'`)).toEqual([{ user_id: 'u_a' }]);
    await expect(spark.rows(`${asked} date '2026-10-31'`)).rejects.toThrow(/NotFound|not exist|NoSuchKey/);
    expect(await catalog.files(table, new Set([682]))).toHaveLength(1);
  });
});
