import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bucketOf } from '../../../../ports/engine/duckdb/buckets.ts';
import { openDatabase } from '../../../../ports/engine/duckdb/database.ts';
import type { StoredTable } from '../../../../ports/engine/duckdb/manifest.ts';
import { sourceSql } from '../../../../ports/engine/duckdb/source.ts';
import { stageTable } from '../../../../ports/engine/duckdb/stage.ts';
import { temporaryDirectory } from '../../../support/directory.ts';

const DAYS = 60;
/** So many people have more rows than are written at once. */
const PEOPLE = 34_000;

/** Rows `n` of people `u0`, `u1` and so on, and of nobody, a day each from 2026-01-01 on. */
const people = (n: number, value: string): string =>
  `select case when p > 0 then 'u' || p end as user_id, date '2026-01-01' + cast(d as integer) as local_date, ${value} as value
   from range(${n}) a(p), range(${DAYS}) b(d)`;

const places = (table: StoredTable): readonly string[] =>
  table.files.map(({ bucket, period }) => `${bucket} ${period}`).toSorted();

test('a large table has one file for each bucket and period, sorted, and keeps what no row comes in place of', async () => {
  const directory = temporaryDirectory();
  // Of several threads each would sort what is its own.
  const database = await openDatabase({ spill: join(directory, 'spill'), threads: 1 });
  const stage = async (batchId: string, select: string, previous?: StoredTable): Promise<StoredTable> => {
    await database.run(`create or replace temp table rows_of as ${select}`);
    const replaced = { isIn: () => true, where: 'coalesce(user_id in (select user_id from rows_of), false)' };
    const staging = { directory, batchId, now: Date.parse('2026-11-01T00:00:00Z') };
    return stageTable(database, staging, { name: 'toy', rows: 'rows_of', partition: 'user_id', previous, replaced });
  };
  const all = await stage('b1', people(PEOPLE, 'd'));
  const buckets = [...Array.from({ length: 16 }, (_, n) => n.toString(16)), null];
  // 60 days from January 1st on: January, February, March 1st.
  const periods = ['2026-01', '2026-02', '2026-03'];
  const expected = buckets.flatMap((bucket) => periods.map((period) => `${bucket} ${period}`)).toSorted();
  expect(places(all)).toEqual(expected);
  // 60 days of 34,000, nobody among them
  expect(all.files.reduce((sum, { rows }) => sum + rows, 0)).toBe(2_040_000);
  const ofU7 = all.files.find(({ bucket, period }) => bucket === bucketOf('u7') && period === '2026-02');
  const stored = await database.rows(
    `select user_id, local_date from read_parquet('${join(directory, ofU7?.path ?? '')}', hive_partitioning = false)`,
  );
  const written = stored.map((row) => `${String(row['user_id'])} ${String(row['local_date'])}`);
  expect(written).toEqual(written.toSorted());
  expect(new Set(stored.map((row) => bucketOf(String(row['user_id']))))).toEqual(new Set([bucketOf('u7')]));
  expect(stored.filter((row) => row['user_id'] === 'u7')).toHaveLength(28);

  // u1 to u99 again, with other values; nobody's rows do not come again.
  const some = await stage('b2', `select * from (${people(100, '-d')}) s where user_id is not null`, all);
  expect(places(some)).toEqual(expected);
  const [sums] = await database.rows(
    `select count(*) as n, sum(value) as value, count(*) filter (where user_id is null) as nobody from (${sourceSql(directory, some)}) t`,
  );
  // A person’s days add up to 0 + … + 59 = 1,770: of 34,000 all but the 99, and these 99 the other way round.
  expect(sums).toEqual({ n: 2_040_000, value: 1770 * (PEOPLE - 2 * 99), nobody: 60 });
  database.close();
}, 120_000);
