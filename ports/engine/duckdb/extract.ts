import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Extract } from '../engine.ts';
import type { Database } from './database.ts';
import { currentManifest, type StoredTable } from './manifest.ts';
import { sourceSql } from './source.ts';
import { identifier, literal } from './sql.ts';

/** What a spreadsheet would take for a formula. */
const FORMULA = `'^[=+@\\t\\r-]'`;

/** The rows of one person; undefined for a table that is not about people. */
function rowsOf(directory: string, table: StoredTable, userId: string): string | undefined {
  if (!table.columns.some(({ name }) => name === 'user_id')) return undefined;
  const all = table.partition === 'user_id' ? sourceSql(directory, table, [userId]) : sourceSql(directory, table);
  return `select * from (${all}) t where user_id = ${literal(userId)}`;
}

/** The same rows with an apostrophe before texts that look like a formula; numbers stay numbers. */
function guarded(table: StoredTable, rows: string): string {
  const cells = table.columns.map(({ name, type }) => {
    const column = identifier(name);
    if (type !== 'VARCHAR') return column;
    return `case when regexp_matches(${column}, ${FORMULA}) then '''' || ${column} else ${column} end as ${column}`;
  });
  return `select ${cells.join(', ')} from (${rows}) g`;
}

/** Writes one person's rows of each published table as Parquet and CSV below `folder`, a table at a time, and removes them again behind the reader. */
export async function* extract(
  database: Database,
  options: { readonly directory: string; readonly folder: string; readonly published: ReadonlySet<string> },
  userId: string,
): AsyncGenerator<Extract> {
  const { directory, folder, published } = options;
  const tables = Object.entries(currentManifest(directory)?.tables ?? {}).filter(([name]) => published.has(name));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    for (const [name, table] of tables.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const rows = rowsOf(directory, table, userId);
      if (rows === undefined) continue;
      const [parquet, csv] = [path.join(folder, `${name}.parquet`), path.join(folder, `${name}.csv`)];
      await database.run(`copy (${rows}) to ${literal(parquet)} (format parquet, compression zstd)`);
      yield { table: name, format: 'parquet', bytes: createReadStream(parquet) };
      await rm(parquet);
      await database.run(`copy (${guarded(table, rows)}) to ${literal(csv)} (format csv, header)`);
      yield { table: name, format: 'csv', bytes: createReadStream(csv) };
      await rm(csv);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
