import { columnsOf, countRows, type Database } from '../../../ports/engine/duckdb/database.ts';
import { literal } from '../../../ports/engine/duckdb/sql.ts';

/** What Spark calls the types a model may have. */
const SPARK_TYPES: Readonly<Record<string, string>> = {
  VARCHAR: 'string',
  DOUBLE: 'double',
  BIGINT: 'bigint',
  INTEGER: 'int',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  BOOLEAN: 'boolean',
  'VARCHAR[]': 'array<string>',
};

/** How the rows of one model differ between the engines. */
export interface Comparison {
  readonly model: string;
  readonly rows: number;
  readonly cells: number;
  readonly differing: number;
  /** Columns and the first cells that differ, in words. */
  readonly details: readonly string[];
}

const SHOWN = 3;

/** A cell as text that tells every value from every other: of doubles the shortest text that is read back as the same one. */
function shown(name: string, type: string): string {
  const cell = type === 'TIMESTAMP' ? `timezone('UTC', cast(${name} as timestamptz))` : name;
  return `cast(${cell} as varchar) as ${name}`;
}

/** The rows that one side has and the other has not, paired by the grain: how many cells differ, by column. */
async function pair(database: Database, columns: readonly string[], grain: readonly string[]) {
  const on = grain.map((name) => `l.${name} is not distinct from s.${name}`).join(' and ');
  const paired = `from only_local l full join only_spark s on ${on}`;
  const counts = columns.map((name) => `count_if(l.${name} is distinct from s.${name}) as ${name}`);
  const [differing = {}] = await database.rows(`select ${counts.join(', ')} ${paired}`);
  const details = [];
  for (const name of columns.filter((one) => Number(differing[one]) > 0)) {
    const keys = grain.map((one) => `coalesce(l.${one}, s.${one}, 'null')`).join(` || ' ' || `);
    const rows = await database.rows(
      `select ${keys} as key, l.${name} as local, s.${name} as spark ${paired} where l.${name} is distinct from s.${name} order by 1 limit ${SHOWN}`,
    );
    const cells = rows.map((row) => `${String(row['key'])}: ${String(row['local'])} | ${String(row['spark'])}`);
    details.push(`${name}, ${String(differing[name])} cells; DuckDB | Spark: ${cells.join('; ')}`);
  }
  return { differing: columns.reduce((sum, name) => sum + Number(differing[name]), 0), details };
}

/** Compares a table of the DuckDB with what Spark left of the same model as Parquet: names and types of columns, then every cell. */
export async function compareModel(
  database: Database,
  model: { readonly name: string; readonly grain: readonly string[] },
  spark: { readonly parquet: string; readonly columns: readonly (readonly [name: string, type: string])[] },
): Promise<Comparison> {
  const local = await columnsOf(database, model.name);
  const rows = await countRows(database, `select 1 from ${model.name}`);
  const cells = rows * local.length;
  const made = local.map(({ name, type }) => `${name} ${SPARK_TYPES[type] ?? type}`);
  const theirs = spark.columns.map((column) => column.join(' '));
  if (made.join() !== theirs.join()) {
    const [ours, others] = [made.filter((one) => !theirs.includes(one)), theirs.filter((one) => !made.includes(one))];
    const detail = `columns; DuckDB | Spark: ${ours.join(', ')} | ${others.join(', ')}`;
    // Of a model without rows too: with rows it would differ in all of them.
    return { model: model.name, rows, cells, differing: Math.max(cells, 1), details: [detail] };
  }
  const texts = local.map(({ name, type }) => shown(name, type)).join(', ');
  const here = `select ${texts} from ${model.name}`;
  const there = `select ${texts} from read_parquet(${literal(`${spark.parquet}/*.parquet`)})`;
  await database.run(`create or replace temp table only_local as ${here} except all ${there}`);
  await database.run(`create or replace temp table only_spark as ${there} except all ${here}`);
  const names = local.map(({ name }) => name);
  return { model: model.name, rows, cells, ...(await pair(database, names, model.grain)) };
}
