import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import type { DataFile, IcebergCatalog, IcebergTable } from '../../ports/iceberg/iceberg.ts';
import { makeDirectory, removeDirectory } from './directory.ts';
import type { Iceberg } from './iceberg.ts';

/** Rows of tables written and read by DuckDB, as the small engine does: whole files, by the ids of columns. */
export async function openParquet({ put, storage }: Pick<Iceberg, 'put' | 'storage'>, catalog: IcebergCatalog) {
  const directory = makeDirectory();
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("set timezone = 'UTC'");
  onTestFinished(() => {
    connection.closeSync();
    removeDirectory(directory);
  });
  let files = 0;
  const next = (): string => join(directory, `${(files += 1)}.parquet`);
  return {
    /** Writes the rows of a statement as one file of a partition. */
    async write(table: IcebergTable, partition: number | null, sql: string): Promise<DataFile> {
      const at = next();
      const ids = table.columns.map(({ id, name }) => `"${name}": ${id}`).join(', ');
      await connection.run(`copy (${sql}) to '${at}' (format parquet, compression zstd, field_ids {${ids}})`);
      const count = await connection.runAndReadAll(`select count(*)::int as n from '${at}'`);
      const path = catalog.place(table, partition);
      const bytes = readFileSync(at);
      await put(path, bytes);
      return { path, partition, rows: Number(count.getRowObjects()[0]?.['n']), bytes: bytes.length };
    },
    /** The rows of all live files, in order of their texts. */
    async read(table: IcebergTable, columns: string): Promise<readonly unknown[]> {
      const there: string[] = [];
      for (const { path } of await catalog.files(table)) {
        const at = next();
        writeFileSync(at, await storage.read(path));
        there.push(`'${at}'`);
      }
      const from = `read_parquet([${there.join(', ')}], union_by_name = true)`;
      return (await connection.runAndReadAll(`select ${columns} from ${from} order by all`)).getRowObjectsJson();
    },
  };
}
