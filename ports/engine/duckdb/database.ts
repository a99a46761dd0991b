import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { toCell } from '../../warehouse/cells.ts';
import type { Row } from '../../warehouse/warehouse.ts';
import { identifier } from './sql.ts';

/** One in-memory DuckDB that speaks the dialect of the models. */
export interface Database {
  readonly connection: DuckDBConnection;
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly Row[]>;
  /** Appends rows of texts to a table whose columns are all text. */
  append(table: string, rows: Iterable<readonly (string | null)[]>): Promise<void>;
  close(): void;
}

const prelude = readFileSync(new URL('prelude.sql', import.meta.url), 'utf8');

export interface DatabaseOptions {
  /** A directory in which one is made when it is needed; without one nothing may outgrow memory. */
  readonly spill?: string;
  /** As DuckDB says it; `2GB` when absent. */
  readonly memory?: string;
  /** As many as there are processors when absent. */
  readonly threads?: number;
}

/** Opens a DuckDB that never loads an extension; what outgrows memory goes to `spill`. */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  // Its own: DuckDB gives its files the same names in each instance. It makes the directory itself, and removes it, but not those above it.
  const spill = options.spill === undefined ? '' : path.join(options.spill, randomUUID());
  if (options.spill !== undefined) await mkdir(options.spill, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: options.memory ?? '2GB',
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    temp_directory: spill,
  });
  const connection = await instance.connect();
  await connection.run(prelude);
  return {
    connection,
    async run(sql) {
      await connection.run(sql);
    },
    async rows(sql) {
      return readRows(connection, sql);
    },
    async append(table, rows) {
      const appender = await connection.createAppender(table);
      for (const row of rows) {
        for (const value of row) {
          if (value === null) appender.appendNull();
          else appender.appendVarchar(value);
        }
        appender.endRow();
      }
      appender.closeSync();
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The rows of a query as cells. */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
  parameters?: Record<string, DuckDBValue>,
): Promise<readonly Row[]> {
  const reader = await connection.runAndReadAll(sql, parameters);
  const names = reader.deduplicatedColumnNames();
  return reader.getRows().map((row) => Object.fromEntries(names.map((name, i) => [name, toCell(row[i] ?? null)])));
}

/** The first column of a query, as texts. */
export async function columnOf(database: Database, sql: string): Promise<readonly string[]> {
  return (await database.rows(sql)).map((row) => String(Object.values(row)[0]));
}

/** How many rows a select has. */
export async function countRows(database: Database, select: string): Promise<number> {
  return Number((await database.rows(`select count(*) as n from (${select}) c`))[0]?.['n'] ?? 0);
}

/** Whether a table or a view of that name is bound. */
export async function isBound(database: Database, name: string): Promise<boolean> {
  const bound = `select table_name as name from duckdb_tables() union all select view_name as name from duckdb_views()`;
  return (await database.rows(`select 1 from (${bound}) b where name = '${name}'`)).length > 0;
}

/** Names and DuckDB types of the columns of a bound table. */
export async function columnsOf(
  database: Database,
  name: string,
): Promise<readonly { readonly name: string; readonly type: string }[]> {
  // Of an empty result: asking the catalog of DuckDB goes through every column of every table.
  const result = await database.connection.run(`select * from ${identifier(name)} limit 0`);
  return result.columnNames().map((column, i) => ({ name: column, type: String(result.columnType(i)) }));
}

/** `create temp table`, in place of any of that name. */
export async function materialize(database: Database, name: string, select: string): Promise<void> {
  await database.run(`create or replace temp table ${identifier(name)} as ${select}`);
}
