import path from 'node:path';
import type { StoredTable } from './manifest.ts';
import { identifier, literal } from './sql.ts';

/** A typed select without rows. */
export function emptySelect(columns: StoredTable['columns']): string {
  const typed = columns.map(({ name, type }) => `cast(null as ${type}) as ${identifier(name)}`);
  return `select * from (select ${typed.join(', ')}) where false`;
}

/** A select over the files of a stored table, all or those of some partitions; the directory names prune by partition. */
export function sourceSql(directory: string, table: StoredTable, partitions?: Iterable<string>): string {
  const wanted = partitions === undefined ? undefined : new Set(partitions);
  const files = table.files.filter((file) => wanted === undefined || wanted.has(file.partition ?? ''));
  if (files.length === 0) return emptySelect(table.columns);
  const list = files.map((file) => literal(path.join(directory, file.path))).join(', ');
  const columns = table.columns.map(({ name }) => identifier(name)).join(', ');
  const hive =
    table.partition === null
      ? 'hive_partitioning = false'
      : `hive_partitioning = true, hive_types = {${literal(table.partition)}: varchar}`;
  return `select ${columns} from read_parquet([${list}], ${hive})`;
}
