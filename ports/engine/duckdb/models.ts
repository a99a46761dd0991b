import { PortError } from '../../errors.ts';
import type { Catalog } from './catalog.ts';
import { materialize, type Database } from './database.ts';
import { orderModels } from './order.ts';
import { literal } from './sql.ts';

export interface BatchRow {
  readonly batchId: string;
  readonly now: number;
}

const texts = (row: readonly string[]): string => `(${row.map(literal).join(', ')})`;

/** Binds what models read beside `objects` and `records`: seeds, `readers`, `versions` and the one row of `batch`. */
export async function bindConstants(database: Database, catalog: Catalog, batch: BatchRow): Promise<void> {
  for (const [name, file] of catalog.seeds) {
    await materialize(
      database,
      name,
      `select * from read_csv(${literal(file)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`,
    );
  }
  const readers = catalog.readers.map((r) => texts([r.type, r.entity, r.replaces, r.version, r.grows, r.date]));
  const columns = ['type', 'entity', 'replaces', 'version', 'grows', 'date'];
  const empty = texts(columns.map(() => ''));
  await materialize(
    database,
    'readers',
    `select type, entity, ${columns
      .slice(2)
      .map((name) => `nullif(${name}, '') as ${name}`)
      .join(', ')}
     from (values ${[empty, ...readers].join(', ')}) as t(${columns.join(', ')}) where entity <> ''`,
  );
  const versions = [...catalog.versions].map((row) => texts(row));
  await materialize(
    database,
    'versions',
    `select * from (values ${[texts(['', '']), ...versions].join(', ')}) as t(model, version) where model <> ''`,
  );
  await materialize(
    database,
    'batch',
    `select ${literal(batch.batchId)} as batch_id, cast(${batch.now} as bigint) as now_ms`,
  );
}

/** What DuckDB says of the text of a model; of an error over rows only its kind, since its words may hold a person's values. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^(Binder|Parser|Catalog) Error/.test(text) ? text : (text.split(':')[0] ?? 'unknown');
}

/** Runs these models (all by default) and what they need, each into a table of its name, and answers their names; those in `bound` are there already. */
export async function runModels(
  database: Database,
  catalog: Catalog,
  options: { readonly roots?: readonly string[]; readonly bound?: readonly string[] } = {},
): Promise<readonly string[]> {
  const ordered = orderModels(catalog.models, options.roots, options.bound);
  for (const model of ordered) {
    try {
      await materialize(database, model.name, model.sql);
    } catch (error) {
      throw new PortError('model_failed', `the model ${model.name} failed: ${reasonOf(error)}`, { cause: error });
    }
  }
  return ordered.map(({ name }) => name);
}
