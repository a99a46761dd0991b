import { documentsSql } from '../../ports/engine/duckdb/bronze.ts';
import { openDatabase } from '../../ports/engine/duckdb/database.ts';
import { currentManifest } from '../../ports/engine/duckdb/manifest.ts';
import { sourceSql } from '../../ports/engine/duckdb/source.ts';
import type { Lake } from './lake.ts';

/** Columns that say by whom and when a row was made. */
const OUR_WORK = ['batch_id', 'updated_at'];

/** Every row of every table the lake holds, also of those that are not shown, and the documents; `batches` aside. */
export async function everything({ directory }: Lake): Promise<Readonly<Record<string, readonly string[]>>> {
  const manifest = currentManifest(directory);
  const database = await openDatabase({ threads: 1 });
  const dump: Record<string, readonly string[]> = {};
  const tables = Object.entries(manifest?.tables ?? {}).filter(([name]) => name !== 'batches');
  const selects = tables.map(([name, table]) => [name, sourceSql(directory, table)] as const);
  for (const [name, select] of [
    ...selects,
    ['documents', documentsSql(directory, manifest?.documents ?? [])] as const,
  ]) {
    const rows = await database.rows(select);
    dump[name] = rows
      .map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !OUR_WORK.includes(column))))
      .toSorted();
  }
  database.close();
  return dump;
}
