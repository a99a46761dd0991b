import { readCatalog } from '../../ports/engine/duckdb/catalog.ts';
import type { Database } from '../../ports/engine/duckdb/database.ts';
import { selectOf } from '../../ports/engine/small/held.ts';
import { eachOf } from '../../ports/engine/small/lake.ts';
import { modelLayouts } from '../../ports/engine/small/layout.ts';
import type { Place } from '../../ports/engine/small/place.ts';
import type { IcebergCatalog } from '../../ports/iceberg/iceberg.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';

const OUR_WORK = ['updated_at', 'batch_id', 'model_version'];

/** Where the tables are, and by what they are read. */
export interface IcebergReader {
  readonly catalog: IcebergCatalog;
  readonly place: Place;
  readonly database: Database;
  /** An empty folder that may be filled. */
  readonly scratch: string;
}

/** The rows of a table as it is now, whoever wrote it; none of a table that is not there. */
export async function icebergRows(
  { catalog, place, database, scratch }: IcebergReader,
  name: string,
  select = '*',
): Promise<readonly Row[]> {
  const table = await catalog.load(name);
  if (table === undefined) return [];
  const files = await eachOf(await catalog.files(table), async (file) => {
    const local = `${scratch}/${file.path.replaceAll(/[^a-z0-9]/g, '')}.parquet`;
    await place.fetch(file.path, local);
    return { ...file, local };
  });
  const held = { layout: { name, columns: {}, grain: [] }, table, files };
  return database.rows(`select ${select} from (${selectOf(held)}) t`);
}

/** Rows of every stored model without the columns that record our own work, as texts in a stable order; of a table that is not there: none. */
export async function modelTexts(
  modelsDirectory: string,
  rows: (name: string) => Promise<readonly Row[]>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, readonly string[]> = {};
  for (const { name, columns } of modelLayouts(readCatalog(modelsDirectory))) {
    const kept = Object.keys(columns).filter((column) => !OUR_WORK.includes(column));
    const all = await rows(name);
    found[name] = all.map((row) => JSON.stringify(kept.map((column) => [column, row[column] ?? null]))).toSorted();
  }
  return found;
}
