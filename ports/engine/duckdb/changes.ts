import type { Row } from '../../warehouse/warehouse.ts';
import type { CellChange } from '../engine.ts';
import { storedModels, type Catalog, type Model } from './catalog.ts';
import type { Database } from './database.ts';
import type { Manifest, StoredTable } from './manifest.ts';
import { emptySelect, sourceSql } from './source.ts';
import { duckdbType } from './spec.ts';
import { identifier, literal } from './sql.ts';

/** Columns that record our own work: they may differ between two ways to the same tables. */
const OUR_WORK = new Set(['received_at', 'raw_key', 'updated_at', 'batch_id', 'model_version']);

const text = (row: Row, name: string): string | null => {
  const value = row[name] ?? null;
  return value === null ? null : String(value);
};

async function changesOf(
  database: Database,
  model: Model,
  published: string,
  from: string | undefined,
): Promise<readonly CellChange[]> {
  const columns = Object.keys(model.spec.columns);
  if (from !== undefined && !columns.includes('local_date')) return [];
  const { grain } = model.spec;
  const compared = columns.filter((name) => !grain.includes(name) && !OUR_WORK.has(name));
  const filter = from === undefined ? '' : ` where local_date >= cast(${literal(from)} as date)`;
  const tie = grain.map((name) => `n.${identifier(name)} is not distinct from o.${identifier(name)}`).join(' and ');
  const differ = ['n.there is null', 'o.there is null']
    .concat(compared.map((name) => `n.${identifier(name)} is distinct from o.${identifier(name)}`))
    .join(' or ');
  const cells = [
    'n.there as is_new, o.there as is_old',
    ...grain.map((name) => `coalesce(n.${identifier(name)}, o.${identifier(name)}) as ${identifier(`g_${name}`)}`),
    ...compared.flatMap((name) => [
      `o.${identifier(name)} as ${identifier(`o_${name}`)}`,
      `n.${identifier(name)} as ${identifier(`n_${name}`)}`,
    ]),
    ...['user_id', 'local_date', 'metric']
      .filter((name) => columns.includes(name))
      .map((name) => `coalesce(n.${identifier(name)}, o.${identifier(name)}) as ${identifier(`i_${name}`)}`),
  ];
  const rows = await database.rows(
    `select ${cells.join(', ')}
     from (select *, true as there from ${identifier(model.name)}${filter}) n
     full join (select *, true as there from (${published})${filter}) o on ${tie}
     where ${differ} order by ${grain.map((name) => identifier(`g_${name}`)).join(', ')}`,
  );
  return rows.flatMap((row) =>
    compared
      .map((name) => ({ before: row[`o_${name}`] ?? null, after: row[`n_${name}`] ?? null, name }))
      .filter((cell) => cell.before !== cell.after)
      .map(({ before, after, name }) => ({
        table: model.name,
        column: name,
        user_id: text(row, 'i_user_id'),
        local_date: text(row, 'i_local_date'),
        metric: text(row, 'i_metric'),
        before,
        after,
        model: model.name,
      })),
  );
}

/** A published table in the columns its model states now: one that is new since then was nothing in every row. */
function publishedAs(stated: StoredTable['columns'], table: StoredTable, directory: string): string {
  const there = new Set(table.columns.map(({ name }) => name));
  const cells = stated.map(({ name, type }) =>
    there.has(name) ? identifier(name) : `cast(null as ${type}) as ${identifier(name)}`,
  );
  return `select ${cells.join(', ')} from (${sourceSql(directory, table)})`;
}

/** The cells of the published marts that differ from the models just computed, from a local date on when one is given. */
export async function findChanges(
  database: Database,
  catalog: Catalog,
  current: Manifest | undefined,
  directory: string,
  from: string | undefined,
): Promise<readonly CellChange[]> {
  const changes: CellChange[] = [];
  for (const model of storedModels(catalog).filter((m) => m.spec.published && m.spec.grain.length > 0)) {
    const stated = Object.entries(model.spec.columns).map(([name, column]) => ({
      name,
      type: duckdbType(column.type),
    }));
    const old = current?.tables[model.name];
    const published = old === undefined ? emptySelect(stated) : publishedAs(stated, old, directory);
    changes.push(...(await changesOf(database, model, published, from)));
  }
  return changes;
}
