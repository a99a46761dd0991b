import { BATCH_COLUMNS } from '../../ports/engine/duckdb/batches.ts';
import { readCatalog, storedModels } from '../../ports/engine/duckdb/catalog.ts';
import { duckdbType } from '../../ports/engine/duckdb/spec.ts';
import { athenaType } from './athena-text.ts';
import { MODELS } from './transform.ts';
import type { Tables } from './trino.ts';

/** Every table the jobs store, also under its other name, with the columns its `.yml` states, by Trino's types. */
export function modelTables(): Tables {
  const stated = storedModels(readCatalog(MODELS)).flatMap(({ name, spec }) => {
    const columns = Object.fromEntries(
      Object.entries(spec.columns).map(([column, { type }]) => [column, athenaType(duckdbType(type))]),
    );
    return [name, ...(spec.also_called === undefined ? [] : [spec.also_called])].map((called) => [called, columns]);
  });
  const batches = BATCH_COLUMNS.map(({ name, type }) => [name, athenaType(type)]);
  return { ...Object.fromEntries(stated), batches: Object.fromEntries(batches) };
}
