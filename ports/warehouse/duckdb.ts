import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { BATCH_COLUMNS } from '../engine/duckdb/batches.ts';
import { readCatalog, storedModels } from '../engine/duckdb/catalog.ts';
import { readRows } from '../engine/duckdb/database.ts';
import { currentBatch, currentManifest, type Manifest } from '../engine/duckdb/manifest.ts';
import { emptySelect, sourceSql } from '../engine/duckdb/source.ts';
import { duckdbType } from '../engine/duckdb/spec.ts';
import { identifier, literal } from '../engine/duckdb/sql.ts';
import { PortError } from '../errors.ts';
import { toCell } from './cells.ts';
import { checkStatement } from './statement.ts';
import type { Cell, Console, Warehouse } from './warehouse.ts';

export interface DuckDbWarehouseOptions {
  /** The lake the engine writes. */
  readonly directory: string;
  readonly modelsDirectory: string;
}

/** One batch's tables as views; readers of an older batch keep theirs until they are done. */
interface Reading {
  readonly batchId: string | undefined;
  readonly instance: DuckDBInstance;
  readers: number;
  replaced: boolean;
}

/** Views of every stored table of a batch, also under its other name; before the first batch every stored model is an empty one. */
function viewsOf(manifest: Manifest | undefined, options: DuckDbWarehouseOptions): ReadonlyMap<string, string> {
  const models = storedModels(readCatalog(options.modelsDirectory));
  const stated = models.map((model) => {
    const columns = Object.entries(model.spec.columns).map(([name, { type }]) => ({ name, type: duckdbType(type) }));
    return [model.name, emptySelect(columns)] as const;
  });
  const batches = ['batches', emptySelect(BATCH_COLUMNS.map((column) => ({ ...column })))] as const;
  const stored = Object.entries(manifest?.tables ?? {}).map(
    ([name, table]) => [name, sourceSql(path.resolve(options.directory), table)] as const,
  );
  const named = models.flatMap(({ name, spec }) =>
    spec.also_called === undefined ? [] : [[spec.also_called, `select * from ${identifier(name)}`] as const],
  );
  return new Map([...stated.filter(([, select]) => select.includes('cast')), batches, ...stored, ...named]);
}

async function openReading(options: DuckDbWarehouseOptions): Promise<Reading> {
  const manifest = currentManifest(options.directory);
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: '1GB',
    // Without a directory of its own it would spill into the one it was started in.
    temp_directory: '',
  });
  const connection = await instance.connect();
  await connection.run(`set global TimeZone = 'UTC'`);
  for (const [name, select] of viewsOf(manifest, options)) {
    await connection.run(`create view ${identifier(name)} as ${select}`);
  }
  // Whatever a query says, it reads the lake and nothing else of this machine.
  await connection.run(`set allowed_directories = [${literal(path.resolve(options.directory))}]`);
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
  connection.closeSync();
  return { batchId: manifest?.batch_id, instance, readers: 0, replaced: false };
}

/** Whole numbers as integers: `limit $n` takes no double. */
const toValue = (cell: Cell): DuckDBValue =>
  typeof cell === 'number' && Number.isSafeInteger(cell) ? BigInt(cell) : cell;

function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  throw new PortError('query_failed', message, {
    remedy: 'Correct the statement; describe <table> names columns.',
    cause: error,
  });
}

/** Reads the tables of the published batch; a query sees one batch whole, whatever is published meanwhile. */
export function createDuckDbWarehouse(
  options: DuckDbWarehouseOptions,
): Warehouse & Console & { close(): Promise<void> } {
  let latest: Promise<Reading> | undefined;

  const release = (reading: Reading): void => {
    if (reading.replaced && reading.readers === 0) reading.instance.closeSync();
  };

  async function acquire(): Promise<Reading> {
    for (;;) {
      const seen = latest;
      const held = await seen;
      if (seen !== latest) continue;
      if (held !== undefined && held.batchId === currentBatch(options.directory)) {
        held.readers += 1;
        return held;
      }
      const opening = openReading(options);
      latest = opening;
      opening.catch(() => (latest = latest === opening ? undefined : latest));
      if (held !== undefined) {
        held.replaced = true;
        release(held);
      }
    }
  }

  async function withConnection<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const reading = await acquire();
    try {
      const connection = await reading.instance.connect();
      try {
        return await work(connection);
      } finally {
        connection.closeSync();
      }
    } finally {
      reading.readers -= 1;
      release(reading);
    }
  }

  return {
    run: (query, parameters = {}) =>
      withConnection((connection) => {
        const values = Object.entries(parameters).map(([name, cell]) => [name, toValue(cell)] as const);
        return readRows(connection, query.sql, Object.fromEntries(values));
      }),
    query: (sql) =>
      withConnection(async (connection) => {
        await checkStatement(connection, sql);
        const reader = await connection.runAndReadAll(sql).catch(fail);
        const names = reader.deduplicatedColumnNames();
        const types = reader.columnTypes();
        return {
          columns: names.map((name, i) => ({ name, type: String(types[i]) })),
          rows: reader
            .getRows()
            .map((row) => Object.fromEntries(names.map((name, i) => [name, toCell(row[i] ?? null)]))),
        };
      }),
    async close() {
      const held = await latest?.catch(() => undefined);
      latest = undefined;
      if (held === undefined) return;
      held.replaced = true;
      release(held);
    },
  };
}
