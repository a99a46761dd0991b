import { PortError } from '../errors.ts';
import type { Objects } from '../objects/objects.ts';
import type { Row, Warehouse } from '../warehouse/warehouse.ts';
import type { Extract } from './engine.ts';
import { countingSql, type PeopleTable, peopleTables, selectOf, slicesOf } from './people-tables.ts';

/** Where files of a query are put and read back from. */
export interface Unload {
  /** `s3://bucket`, without a slash at its end. */
  readonly root: string;
  /** The same bucket. */
  readonly objects: Pick<Objects, 'get' | 'list' | 'delete'>;
  /** Below the bucket, a folder nobody else uses: `unload/e_…`. */
  readonly folder: string;
}

/**
 * One person's rows of every table about people. Parquet is written by the warehouse itself (`UNLOAD`), in as many files as it likes, none for a table
 * without rows of theirs; CSV from its answers, some months at a time, as of the moment each is asked.
 */
export async function* extractRows(warehouse: Warehouse, unload: Unload, userId: string): AsyncGenerator<Extract> {
  const tables = await peopleTables(warehouse);
  if (tables.length === 0) return;
  const counted = await warehouse.run({ name: 'extract.count', sql: countingSql(tables) }, { user: userId });
  for (const table of tables) {
    const months = counted.filter((row) => row['table_name'] === table.name);
    if (months.length > 0) yield* parquetOf(warehouse, unload, table, userId);
    yield { table: table.name, format: 'csv', bytes: csvOf(warehouse, table, months, userId) };
  }
}

async function* parquetOf(
  warehouse: Warehouse,
  { root, objects, folder }: Unload,
  table: PeopleTable,
  userId: string,
): AsyncGenerator<Extract> {
  const place = `${folder}/${table.name}/`;
  const sql = `unload (${selectOf(table, { isFile: true })}) to '${root}/${place}' with (format = 'PARQUET', compression = 'SNAPPY')`;
  const files: string[] = [];
  try {
    await warehouse.run({ name: 'extract.unload', sql }, { user: userId });
    for await (const { key, bytes } of objects.list(place)) if (bytes > 0) files.push(key);
    // There are rows: forgetting somebody else has emptied the bucket of answers meanwhile.
    if (files.length === 0) throw gone();
    for (const [at, key] of files.entries()) {
      const part = files.length === 1 ? {} : { part: at + 1 };
      yield { table: table.name, format: 'parquet', ...part, bytes: contents(objects, key) };
    }
  } finally {
    for await (const { key } of objects.list(place)) await objects.delete(key);
  }
}

async function* contents(objects: Unload['objects'], key: string): AsyncGenerator<Uint8Array> {
  const bytes = await objects.get(key);
  if (bytes === undefined) throw gone();
  yield bytes;
}

/** Else the rows would be missing from the export, and nobody would know. */
function gone(): PortError {
  return new PortError('extract_gone', 'What was written for the export was removed before it was read.', {
    remedy: 'Ask for it again.',
  });
}

async function* csvOf(
  warehouse: Warehouse,
  table: PeopleTable,
  months: readonly Row[],
  userId: string,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const names = table.columns.map(({ name }) => name);
  yield encoder.encode(`${names.join(',')}\n`);
  for (const slice of slicesOf(months)) {
    const { from, to } = slice;
    const parameters = table.hasDay ? { user: userId, from, to } : { user: userId };
    const rows = await warehouse.run({ name: 'extract.rows', sql: selectOf(table, { isFile: false }) }, parameters);
    const lines = rows.map((row) => names.map((name) => cellOf(row[name])).join(','));
    if (lines.length > 0) yield encoder.encode(`${lines.join('\n')}\n`);
  }
}

/** What a spreadsheet would take for a formula gets an apostrophe; numbers stay numbers. */
function cellOf(value: Row[string] | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const guarded = /^[=+@\t\r-]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
