import { bucketOf, type IcebergTable } from '../../iceberg/iceberg.ts';
import type { Database } from '../duckdb/database.ts';
import { identifier, inList } from '../duckdb/sql.ts';

/** Rows of one partition, and the condition that finds them. */
export interface Part {
  readonly partition: number | null;
  readonly where: string;
}

/** The partitions the values of a column (of the table `rows`) lie in; one for a table without partitions. */
export async function cut(
  database: Database,
  partition: IcebergTable['partition'],
  rows: string,
  column = partition?.column ?? '',
): Promise<readonly Part[]> {
  if (partition === null) return [{ partition: null, where: 'true' }];
  const cell = identifier(column);
  return partition.by === 'month' ? byMonth(database, rows, cell) : byBucket(database, rows, cell);
}

async function byMonth(database: Database, rows: string, cell: string): Promise<readonly Part[]> {
  const month = `cast((date_part('year', ${cell}) - 1970) * 12 + date_part('month', ${cell}) - 1 as int)`;
  const found = await database.rows(`select distinct ${month} as month from ${identifier(rows)} order by 1`);
  return found.map(({ month: value }) =>
    value === null
      ? { partition: null, where: `${cell} is null` }
      : { partition: Number(value), where: `${month} = ${Number(value)}` },
  );
}

async function byBucket(database: Database, rows: string, cell: string): Promise<readonly Part[]> {
  const found = await database.rows(`select distinct ${cell} as value from ${identifier(rows)} order by 1`);
  const texts = found.flatMap(({ value }) => (value === null || value === undefined ? [] : [String(value)]));
  const buckets = new Map<number, string[]>();
  for (const text of texts) buckets.set(bucketOf(text), [...(buckets.get(bucketOf(text)) ?? []), text]);
  const parts: Part[] = [...buckets].map(([partition, values]) => ({
    partition,
    where: `${cell} in ${inList(values)}`,
  }));
  return texts.length === found.length ? parts : [...parts, { partition: null, where: `${cell} is null` }];
}
