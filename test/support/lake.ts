import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDuckDbEngine } from '../../ports/engine/duckdb/engine.ts';
import type { BatchRequest, BatchResult, CellChange, Engine, RawInput } from '../../ports/engine/engine.ts';
import type { ListedObject } from '../../ports/objects/objects.ts';
import { createDuckDbWarehouse } from '../../ports/warehouse/duckdb.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { temporaryDirectory } from './directory.ts';
import { rawObject, type Payload } from './raw.ts';

/** The small models of the engine's own tests. */
export const TOY_MODELS = fileURLToPath(new URL('../fixtures/models', import.meta.url));

const OUR_WORK = ['received_at', 'updated_at', 'batch_id', 'model_version'];

/** An engine over a temporary lake, with the raw objects it may be asked to load again. */
export interface Lake {
  readonly directory: string;
  readonly engine: Engine;
  readonly raw: Map<string, Uint8Array>;
  /** Runs a batch over these payloads (kept in `raw`), as the batch `b<n>`. */
  batch(payloads?: readonly Payload[], request?: Partial<BatchRequest>): Promise<BatchResult>;
  /** Everything in `raw` again, from nothing. */
  rebuild(request?: Partial<BatchRequest>): Promise<BatchResult>;
  compare(from?: string, request?: Partial<BatchRequest>): Promise<readonly CellChange[]>;
  query(sql: string): Promise<readonly Row[]>;
  /** All published rows of every mart but `batches`, without the columns that record our own work, in a stable order. */
  published(): Promise<Readonly<Record<string, readonly string[]>>>;
}

/** Opens a lake in a directory (a new temporary one without it); `now` of batch n is n minutes after 2026-11-01. */
export function openLake(
  options: {
    readonly models?: string;
    readonly directory?: string;
    readonly waveBytes?: number;
    readonly waveRecords?: number;
    readonly daysFrom?: number;
  } = {},
): Lake {
  const directory = options.directory ?? path.join(temporaryDirectory(), 'lake');
  const { directory: _, models = TOY_MODELS, ...terms } = options;
  const lake = { directory, modelsDirectory: models };
  const engine = createDuckDbEngine({ ...lake, ...terms });
  const warehouse = createDuckDbWarehouse(lake);
  const raw = new Map<string, Uint8Array>();
  let number = 0;
  const next = (objects: readonly RawInput[]): BatchRequest => {
    number += 1;
    return {
      batchId: `b${number}`,
      now: Date.parse('2026-11-01T00:00:00Z') + number * 60_000,
      objects,
      load: (key) => Promise.resolve(raw.get(key)),
      commit: (change) => {
        change();
        return Promise.resolve(true);
      },
    };
  };
  const everything = (): ListedObject[] => [...raw].map(([key, { byteLength }]) => ({ key, bytes: byteLength }));
  return {
    directory,
    engine,
    raw,
    batch(payloads = [], request = {}) {
      const objects = payloads.map(rawObject);
      for (const object of objects) raw.set(object.key, object.document);
      return engine.run({ ...next(objects), ...request });
    },
    rebuild: (request = {}) => engine.rebuild({ ...next([]), ...request, listed: everything() }),
    compare: (from, request = {}) => engine.compare({ ...next([]), ...request, listed: everything() }, from),
    query: async (sql) => (await warehouse.query(sql)).rows,
    async published() {
      const marts = await warehouse.query('select view_name from duckdb_views() where not internal order by 1');
      const dump: Record<string, readonly string[]> = {};
      for (const { view_name: mart } of marts.rows) {
        if (mart === 'batches' || !existsSync(path.join(directory, '..', 'tables', String(mart)))) continue;
        const { rows } = await warehouse.query(`from ${String(mart)}`);
        const kept = rows.map((row) => Object.entries(row).filter(([name]) => !OUR_WORK.includes(name)));
        dump[String(mart)] = kept.map((row) => JSON.stringify(row)).toSorted();
      }
      return dump;
    },
  };
}
