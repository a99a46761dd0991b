import path from 'node:path';
import { bucketOf } from './buckets.ts';
import type { StoredFile, StoredTable } from './manifest.ts';
import { identifier, literal } from './sql.ts';

/** A typed select without rows. */
export function emptySelect(columns: StoredTable['columns']): string {
  const typed = columns.map(({ name, type }) => `cast(null as ${type}) as ${identifier(name)}`);
  return `select * from (select ${typed.join(', ')}) where false`;
}

/** A select over these files of a stored table. */
export function filesSql(directory: string, table: StoredTable, files: readonly StoredFile[]): string {
  if (files.length === 0) return emptySelect(table.columns);
  const list = files.map((file) => literal(path.join(directory, file.path))).join(', ');
  const columns = table.columns.map(({ name }) => identifier(name)).join(', ');
  return `select ${columns} from read_parquet([${list}], hive_partitioning = false)`;
}

/** A select over a stored table: all of it, or the files in which rows of these people or accounts lie, beside rows of others. */
export function sourceSql(directory: string, table: StoredTable, of?: Iterable<string>): string {
  const wanted = of === undefined || table.partition === null ? undefined : new Set([...of].map(bucketOf));
  const files = table.files.filter(({ bucket }) => wanted === undefined || (bucket !== null && wanted.has(bucket)));
  return filesSql(directory, table, files);
}
