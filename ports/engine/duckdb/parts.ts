import type { Catalog } from './catalog.ts';
import { scope, type Before } from './compute.ts';
import { columnOf, countRows, materialize, type Database } from './database.ts';
import { gatherTables, putTablesBy } from './gather.ts';
import { makePart, type Making } from './part.ts';
import { cutIntoWaves, type Wave } from './waves.ts';

/** Records of whom is made anew whole that are computed at a time, some two years of a person: what is made of them is 1 GB. */
export const WAVE_RECORDS = 30_000;

/** Whom a batch makes anew by days, as one part of those it is about. */
const BY_DAYS = 'by days' as const;

/** Who is computed at a time. */
type Part = Wave | typeof BY_DAYS;

export interface Scoped extends Omit<Making, 'isWindowed' | 'isFirst'> {
  /** Whom it is about beside whom arrivals are about. */
  readonly also: readonly string[] | 'all';
  /** Records of whom is made anew whole that are computed at a time. */
  readonly most: number;
  /** Where what a part made is put by, until all are done. */
  readonly folder: string;
}

const KINDS = [
  ['users', 'user_id'],
  ['accounts', 'account'],
] as const;

/** How many records each account made anew whole has, read now or before. */
async function sizesOf(database: Database, before: Before): Promise<ReadonlyMap<string, number>> {
  const accounts = await columnOf(database, 'select account from whole_accounts order by 1');
  if (accounts.length === 0) return new Map();
  const records = `select account from (${before.records(accounts)}) k union all select account from fresh_records`;
  const counted = await database.rows(
    `select account, count(r.account) as n from whole_accounts left join (${records}) r using (account) group by account`,
  );
  return new Map(counted.map(({ account, n }) => [String(account), Number(n)]));
}

/**
 * Cuts whom a batch is about into parts: families it makes anew whole in waves of at most `most` records, behind all it makes anew by days. None
 * where they are few enough to be computed at once.
 */
async function partsOf(
  database: Database,
  before: Before,
  { isWindowed, most }: { readonly isWindowed: boolean; readonly most: number },
): Promise<readonly Part[]> {
  const sizes = await sizesOf(database, before);
  if ([...sizes.values()].reduce((sum, n) => sum + n, 0) <= most) return [];
  const ties = await database.rows('select account, user_id from ties semi join whole_accounts using (account)');
  const waves = cutIntoWaves(
    ties.map(({ account, user_id: user }) => ({ account: String(account), user: String(user) })),
    sizes,
    most,
  );
  const byDays = 'select 1 from scope_accounts anti join whole_accounts using (account)';
  const parts: readonly Part[] = isWindowed && (await countRows(database, byDays)) > 0 ? [BY_DAYS, ...waves] : waves;
  return parts.length > 1 ? parts : [];
}

/** Puts the tables that say whom the batch is about by under names of their own, and gives a way to have them say it again. */
async function keepScope(database: Database): Promise<() => Promise<void>> {
  const tables = KINDS.flatMap(([kind]) => [`scope_${kind}`, `whole_${kind}`]);
  for (const table of tables) await database.run(`alter table ${table} rename to every_${table}`);
  return async () => {
    for (const table of tables) {
      await database.run(`drop table if exists ${table}`);
      await database.run(`alter table every_${table} rename to ${table}`);
    }
  };
}

/** Has the scope be a wave's. */
async function narrowTo(database: Database, wave: Wave): Promise<void> {
  for (const [kind, column] of KINDS) {
    await database.run(`create or replace temp table scope_${kind} (${column} varchar)`);
    await database.append(
      `scope_${kind}`,
      wave[kind].map((id) => [id]),
    );
    await materialize(database, `whole_${kind}`, `select * from scope_${kind}`);
  }
}

/** Has the scope be those who are made anew by days. */
async function narrowToDays(database: Database): Promise<void> {
  for (const [kind, column] of KINDS) {
    const those = `select ${column} from every_scope_${kind} anti join every_whole_${kind} using (${column})`;
    await materialize(database, `scope_${kind}`, those);
    await materialize(database, `whole_${kind}`, `select ${column} from scope_${kind} where false`);
  }
}

/** Tables and views there are. */
async function boundNow(database: Database): Promise<ReadonlySet<string>> {
  const statement = `select 'table ' || table_name as name from duckdb_tables()
    union all select 'view ' || view_name from duckdb_views() where not internal`;
  return new Set(await columnOf(database, statement));
}

/** Drops what was not there before: a part leaves no more than what it put by. */
async function dropSince(database: Database, before: ReadonlySet<string>): Promise<void> {
  for (const made of await boundNow(database)) if (!before.has(made)) await database.run(`drop ${made}`);
}

/** Makes one part after the other. Afterwards everything is bound as if it had been computed at once. */
async function makeParts(database: Database, catalog: Catalog, parts: readonly Part[], scoped: Scoped): Promise<void> {
  const { folder } = scoped;
  const there = await boundNow(database);
  const restore = await keepScope(database);
  const put = new Set<string>();
  for (const [at, part] of parts.entries()) {
    const isWindowed = part === BY_DAYS;
    await (isWindowed ? narrowToDays(database) : narrowTo(database, part));
    const known = await boundNow(database);
    const names = await makePart(database, catalog, { ...scoped, isWindowed, isFirst: at === 0 });
    await putTablesBy(database, catalog, { folder, wave: at, names });
    for (const name of names) put.add(name);
    await dropSince(database, known);
    scoped.onStep('put by');
  }
  await restore();
  await dropSince(database, there);
  await gatherTables(database, catalog, folder, put);
}

/**
 * Finds whom the batch is about, once `intake` has been, and runs the models for them: afterwards each the plan names is a table or a view, and has
 * passed its audits. At once where it is little, otherwise in parts. Nothing is published. Answers whether some are made anew by days: the tables
 * hold no more than these of them.
 */
export async function computeScope(database: Database, catalog: Catalog, scoped: Scoped): Promise<boolean> {
  const { before, most } = scoped;
  const isWindowed = await scope(database, catalog, before, scoped);
  const parts = await partsOf(database, before, { isWindowed, most });
  if (parts.length === 0) await makePart(database, catalog, { ...scoped, isWindowed, isFirst: true });
  else await makeParts(database, catalog, parts, scoped);
  return isWindowed;
}
