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

/** What a run is to tell: how many lines of each table, and whom they are about. */
export interface Told {
  readonly lines: Readonly<Record<string, number>>;
  readonly users: readonly string[];
}

const toldOf = (name: string): string => `told_${name}`;
const text = (cell: Row[string] | undefined): string | null =>
  cell === null || cell === undefined ? null : String(cell);

/** The grains runs that died have told, or were about to: they are told again. */
async function bindPending(database: Database, layout: Layout, grains: readonly Row[]): Promise<void> {
  const columns = layout.grain.map((name) => `${identifier(name)} varchar`).join(', ');
  await database.run(`create or replace temp table pending_rows (${columns})`);
  await database.append(
    'pending_rows',
    grains.map((grain) => layout.grain.map((name) => text(grain[name]))),
  );
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
    const grains: Row[] = [];
    for (const id of died) {
      const before = await journal.readLines(id, `changed/${layout.name}.ndjson`, changeLine);
      grains.push(...before.map((line) => ('row' in line ? line.row : line.gone)));
    }
    await bindPending(database, layout, grains);
    lines[layout.name] = await bindTable(database, layout);
  }
  const taken: Row[] = [];
  for (const id of died) {
    taken.push(...(await journal.readLines(id, 'taken.ndjson', takenLine)).map(({ key }) => ({ raw_key: key })));
  }
  await bindPending(database, TAKEN, taken);
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

/** Writes the lines below `runs/<id>/`; a table nothing is told of has no file. */
export async function writeTold(
  database: Database,
  journal: Journal,
  batchId: string,
  layouts: readonly Layout[],
  told: Told,
): Promise<void> {
  for (const { name, grain } of layouts.filter((layout) => TOLD.includes(layout.name) && layout.name in told.lines)) {
    const rows = await database.rows(`select * from ${identifier(toldOf(name))}`);
    const lines = rows.map(({ there, ...row }) =>
      there === true ? { row } : { gone: Object.fromEntries(grain.map((column) => [column, row[column]])) },
    );
    await journal.writeLines(batchId, `changed/${name}.ndjson`, lines, true);
  }
  if (!(TAKEN.name in told.lines)) return;
  const rows = await database.rows(`select raw_key, intake from ${toldOf(TAKEN.name)} order by raw_key`);
  await journal.writeLines(
    batchId,
    'taken.ndjson',
    rows.map(({ raw_key: key, intake }) => ({ key, intake })),
    false,
  );
}
