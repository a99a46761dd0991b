import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBMapValue, type DuckDBValue } from '@duckdb/node-api';
import type { Database } from './database.ts';
import { identifier, literal } from './sql.ts';

/** A Parquet file DuckDB wrote. */
export interface Copied {
  /** Absolute. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** What all of its rows say in the columns it is of; empty where files are of none. */
  readonly values: Readonly<Record<string, string | null>>;
}

export interface CopyOptions {
  /** Columns by whose values there is a file each: `to` is a folder then, and files lack them. */
  readonly by?: readonly string[];
  /** Rows of a group in a file; as many as DuckDB would have them when absent. */
  readonly groupRows?: number;
}

const valuesOf = (keys: DuckDBValue): Record<string, string | null> =>
  keys instanceof DuckDBMapValue
    ? Object.fromEntries(keys.entries.map(({ key, value }) => [String(key), value === null ? null : String(value)]))
    : {};

/** Writes a select as Parquet (zstd), and answers the files by their paths: one without `by`; with it none where there are no rows. */
export async function copyTo(
  database: Database,
  select: string,
  to: string,
  { by = [], groupRows }: CopyOptions = {},
): Promise<readonly Copied[]> {
  await mkdir(by.length === 0 ? path.dirname(to) : to, { recursive: true });
  const options = [
    'format parquet, compression zstd, return_stats',
    ...(groupRows === undefined ? [] : [`row_group_size ${groupRows}`]),
    ...(by.length === 0 ? [] : [`partition_by (${by.map(identifier).join(', ')})`]),
  ];
  const written = await database.connection.runAndReadAll(`copy (${select}) to ${literal(to)} (${options.join(', ')})`);
  const files = written.getRowObjects().map((row): Copied => ({
    path: String(row['filename']),
    rows: Number(row['count']),
    bytes: Number(row['file_size_bytes']),
    values: valuesOf(row['partition_keys'] ?? null),
  }));
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
