import { readCatalog, storedModels } from '../../ports/engine/duckdb/catalog.ts';
import type { RawInput } from '../../ports/engine/engine.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';
import { openLake } from '../support/lake.ts';
import { MODELS } from '../support/transform.ts';
import type { SparkPlant } from './plant.ts';

const OUR_WORK = ['updated_at', 'batch_id', 'model_version'];

/** The stored models both engines are held to, with their columns in order. */
const storedOf = (models: string) =>
  storedModels(readCatalog(models)).map(({ name, spec }) => ({ name, columns: Object.keys(spec.columns) }));

/** Rows as texts in a stable order; `ours` keeps the columns that record our own work. */
const texts = (rows: readonly Readonly<Record<string, unknown>>[], columns: readonly string[], ours: boolean) => {
  const kept = columns.filter((name) => ours || !OUR_WORK.includes(name));
  return rows.map((row) => JSON.stringify(kept.map((name) => [name, row[name] ?? null]))).toSorted();
};

export interface TwinOptions {
  /** Whether the columns that record our own work are kept. */
  readonly ours: boolean;
  /** A folder; the project's own when absent. */
  readonly models?: string;
}

export type Tables = Readonly<Record<string, readonly string[]>>;

/** What the local engine publishes of these objects in one batch of that name and time. */
export async function localTables(
  directory: string,
  objects: readonly RawInput[],
  batch: { readonly batchId: string; readonly now: number },
  { ours, models = MODELS }: TwinOptions,
): Promise<Tables> {
  const lake = openLake({ models, directory });
  await lake.batch([], { objects, ...batch });
  const tables: Record<string, readonly string[]> = {};
  for (const { name, columns } of storedOf(models)) {
    const rows: readonly Row[] = await lake.query(`select ${columns.join(', ')} from ${name}`);
    tables[name] = texts(rows, columns, ours);
  }
  return tables;
}

/** What the Iceberg tables hold. */
export async function lakeTables(plant: SparkPlant, { ours, models = MODELS }: TwinOptions): Promise<Tables> {
  const tables: Record<string, readonly string[]> = {};
  for (const { name, columns } of storedOf(models)) {
    tables[name] = texts(
      await plant.spark.rows(`select ${columns.join(', ')} from lake.health.${name}`),
      columns,
      ours,
    );
  }
  return tables;
}
