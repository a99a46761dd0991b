import type * as z from 'zod';
import { READINGS_TABLES } from '../../readings/readings.ts';
import type { Row } from '../../warehouse/warehouse.ts';
import { countRows, materialize, type Database } from '../duckdb/database.ts';
import { duckdbType } from '../duckdb/spec.ts';
import { identifier } from '../duckdb/sql.ts';
import { changeLine, takenLine } from '../run.ts';
import { changesOf, sameGrain } from './diff.ts';
import type { Journal } from './journal.ts';
import { TAKEN, type Layout } from './layout.ts';

/** What readers of a person's rows keep a copy of. */
const TOLD: readonly string[] = READINGS_TABLES;

/** Rows that are held at a time: the first run of many people tells every row there is. */
const PAGE = 2000;

/** What a run is to tell: how many lines of each table, and whom they are about. */
export interface Told {
  readonly lines: Readonly<Record<string, number>>;
  readonly users: readonly string[];
}

const toldOf = (name: string): string => `told_${name}`;
const text = (cell: Row[string] | undefined): string | null =>
  cell === null || cell === undefined ? null : String(cell);

/** Binds `pending_rows`: the grains runs that died have told, or were about to; they are told again. */
async function bindPending(database: Database, layout: Layout, grains: AsyncIterable<Row>): Promise<void> {
  const columns = layout.grain.map((name) => `${identifier(name)} varchar`).join(', ');
  await database.run(`create or replace temp table pending_rows (${columns})`);
  let page: (string | null)[][] = [];
  for await (const grain of grains) {
    page.push(layout.grain.map((name) => text(grain[name])));
    if (page.length < PAGE) continue;
    await database.append('pending_rows', page);
    page = [];
  }
  await database.append('pending_rows', page);
}

/** What those runs wrote of a table, line by line. */
async function* linesOfAll<T>(
  journal: Journal,
  died: readonly string[],
  below: string,
  shape: z.ZodType<T>,
): AsyncGenerator<T> {
  for (const id of died) yield* journal.readLines(id, below, shape);
}

async function* mapped<T, R>(items: AsyncIterable<T>, change: (item: T) => R): AsyncGenerator<R> {
  for await (const item of items) yield change(item);
}

/** Binds `told_<name>`: all grains of `changes_<name>` and `pending_rows` with their rows as they are to be, and whether there is one (`there`). */
async function bindTable(database: Database, layout: Layout): Promise<number> {
  const { name, columns, grain } = layout;
  const grains = grain.map(identifier).join(', ');
  const pending = grain.map((c) => `cast(${identifier(c)} as ${duckdbType(columns[c] ?? 'text')}) as ${identifier(c)}`);
  const cells = Object.keys(columns).map((c) => `${grain.includes(c) ? 'k' : 't'}.${identifier(c)}`);
  await materialize(
    database,
    toldOf(name),
    `select ${cells.join(', ')}, t.there is not null as there
     from (select ${grains} from ${identifier(changesOf(name))} union select ${pending.join(', ')} from pending_rows) k
     left join (select *, true as there from ${identifier(name)}) t on ${sameGrain(grain, 't', 'k')}`,
  );
  return countRows(database, `select 1 from ${identifier(toldOf(name))}`);
}

/**
 * Binds `told_<name>` for every table readers keep a copy of, and `told_taken`: what changes now, and what runs that died were about to tell.
 * The computed tables and their changes must be bound.
 */
export async function bindTold(
  database: Database,
  journal: Journal,
  layouts: readonly Layout[],
  died: readonly string[],
): Promise<Told> {
  const lines: Record<string, number> = {};
  const told = layouts.filter(({ name }) => TOLD.includes(name));
  for (const layout of told) {
    const before = linesOfAll(journal, died, `changed/${layout.name}.ndjson`, changeLine);
    await bindPending(
      database,
      layout,
      mapped(before, (line) => ('row' in line ? line.row : line.gone)),
    );
    lines[layout.name] = await bindTable(database, layout);
  }
  const taken = linesOfAll(journal, died, 'taken.ndjson', takenLine);
  await bindPending(
    database,
    TAKEN,
    mapped(taken, ({ key }) => ({ raw_key: key })),
  );
  await bindTable(database, TAKEN);
  await database.run(`delete from ${toldOf(TAKEN.name)} where not there`);
  lines[TAKEN.name] = await countRows(database, `select 1 from ${toldOf(TAKEN.name)}`);
  const about = [
    ...told.map(({ name }) => `select user_id from ${toldOf(name)}`),
    ...layouts.filter((l) => 'user_id' in l.columns).map(({ name }) => `select user_id from ${changesOf(name)}`),
  ];
  const users = await database.rows(
    `select distinct user_id from (${['select cast(null as varchar) as user_id', ...about].join(' union ')}) u
     where user_id is not null order by user_id`,
  );
  return {
    lines: Object.fromEntries(Object.entries(lines).filter(([, n]) => n > 0)),
    users: users.map(({ user_id: id }) => String(id)),
  };
}

/** The rows of a table, some at a time. */
async function* pagesOf(database: Database, name: string): AsyncGenerator<readonly Row[]> {
  const [{ n = 0 } = {}] = await database.rows(`select coalesce(max(rowid) + 1, 0) as n from ${identifier(name)}`);
  for (let from = 0; from < Number(n); from += PAGE) {
    yield database.rows(`select * from ${identifier(name)} where rowid >= ${from} and rowid < ${from + PAGE}`);
  }
}

const takenOf = ({ raw_key: key, intake }: Row) => ({ key, intake });

/** Writes the lines below `runs/<id>/`; a table nothing is told of has no file. */
export async function writeTold(
  database: Database,
  journal: Journal,
  batchId: string,
  layouts: readonly Layout[],
  told: Told,
): Promise<void> {
  for (const { name, grain } of layouts.filter((layout) => TOLD.includes(layout.name) && layout.name in told.lines)) {
    const lineOf = ({ there, ...row }: Row) =>
      there === true ? { row } : { gone: Object.fromEntries(grain.map((column) => [column, row[column]])) };
    const pages = mapped(pagesOf(database, toldOf(name)), (rows) => rows.map(lineOf));
    await journal.writeLines(batchId, `changed/${name}.ndjson`, pages, true);
  }
  if (!(TAKEN.name in told.lines)) return;
  const pages = mapped(pagesOf(database, toldOf(TAKEN.name)), (rows) => rows.map(takenOf));
  await journal.writeLines(batchId, 'taken.ndjson', pages, false);
}
