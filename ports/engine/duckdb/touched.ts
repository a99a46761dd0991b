import type { Catalog } from './catalog.ts';
import { materialize, type Database } from './database.ts';
import { DATE_COLUMNS, DATES } from './dates.ts';
import { RECORD_NAMES } from './intake.ts';
import { runModels } from './models.ts';
import { OWNERS } from './owners.ts';

/** The months files are of that have to be looked into, `YYYY-MM`; beside those of no month. */
export interface Months {
  readonly from: string;
  readonly to: string;
}

/** Stored records of `windowed_accounts` with `DATE_COLUMNS`, as a select over all files or over those of some months. */
export type Spanned = (months?: Months) => string;

/** No month: only what is of none. */
export const NO_MONTH: Months = { from: '9999-99', to: '0000-00' };

/** A record is in the month of its first day, and no further from the last than this. */
const DAYS_APART = 40;

/** The months in which records may be stored whose days matter to the spans `select` (user_id, from_date, to_date). */
export async function monthsOf(database: Database, select: string): Promise<Months> {
  const [row] = await database.rows(
    `select strftime(min(from_date) - interval ${DAYS_APART} day, '%Y-%m') as a, strftime(max(to_date), '%Y-%m') as b from ${select} s`,
  );
  return typeof row?.['a'] === 'string' ? { from: row['a'], to: String(row['b']) } : NO_MONTH;
}

/** Makes `touched_objects(raw_key)`: what came, copies of it, and other parts of the same statements. */
async function findObjects(database: Database): Promise<void> {
  await materialize(
    database,
    'touched_objects',
    `select o.raw_key from all_objects o
     where o.account in (select account from windowed_accounts) and (
       (o.account, o.type, o.raw_sha256) in (select (account, type, raw_sha256) from arrivals)
       or (o.account, o.type, coalesce(o.delivery_id, o.raw_key)) in (select (account, type, coalesce(delivery_id, raw_key)) from arrivals)
     )`,
  );
}

/** Makes `touched`: the records of these objects, all versions of each, and what was read from any of them. */
async function findRecords(database: Database, past: string): Promise<void> {
  const isRoot = `(type, entity) not in (select (type, entity) from readers where replaces = 'parent')`;
  const inObjects = 'raw_key in (select raw_key from touched_objects)';
  await materialize(
    database,
    'past_keys',
    `select raw_key, account, type, entity, pointer, parent, key from (${past}) s where raw_key not in (select raw_key from incoming)`,
  );
  await materialize(
    database,
    'touched_keys',
    `select distinct account, type, entity, key from (
       select account, type, entity, key from fresh_records where ${isRoot}
       union all
       select account, type, entity, key from past_keys where ${inObjects} and ${isRoot}
     ) k where key is not null`,
  );
  await materialize(
    database,
    'touched_roots',
    `select raw_key, pointer from past_keys
     where ${isRoot} and (${inObjects} or (account, type, entity, key) in (select (account, type, entity, key) from touched_keys))`,
  );
  await materialize(
    database,
    'touched',
    `select ${RECORD_NAMES}, ${DATE_COLUMNS} from (${past}) s
     where (raw_key, entity, pointer) in (
       select (raw_key, entity, pointer) from past_keys
       where ${inObjects} or (raw_key, pointer) in (select (raw_key, pointer) from touched_roots)
         or (raw_key, parent) in (select (raw_key, pointer) from touched_roots)
     )
     union all
     select ${RECORD_NAMES}, null, null, null, null from fresh_records where account in (select account from windowed_accounts)`,
  );
  for (const table of ['past_keys', 'touched_keys', 'touched_roots']) await database.run(`drop table ${table}`);
}

/** Runs the model of dates over the touched records alone: what they say decides which others matter. */
async function readDates(database: Database, catalog: Catalog, spanned: Spanned): Promise<void> {
  await materialize(
    database,
    'objects',
    `select * exclude (intake) from all_objects where account in (select account from scope_accounts)`,
  );
  await materialize(
    database,
    'records',
    `select ${RECORD_NAMES} from touched where provider = 'wellspring' or raw_key in (select raw_key from owned)
     union all
     select ${RECORD_NAMES} from (${spanned(NO_MONTH)}) f
     where provider = 'wellspring' and (raw_key, pointer) not in (select (raw_key, pointer) from touched)`,
  );
  await runModels(database, catalog, { roots: [DATES], bound: [OWNERS] });
}

/** Makes `touched_spans(user_id, from_date, to_date)`: days the touched records are or were of, and days stated anew. */
async function findSpans(database: Database): Promise<void> {
  const said = `select o.user_id, d.from_date, d.to_date from ${DATES} d join owned o using (raw_key)`;
  const was = `select o.user_id, t.from_date, t.to_date from touched t join owned o using (raw_key)`;
  const stated = `select o.user_id, try_cast(a.covers_from as date), try_cast(a.covers_to as date)
    from all_objects a join owned o using (raw_key)
    where a.raw_key in (select raw_key from touched_objects) and a.type in (select type from readers where replaces = 'covered')`;
  await materialize(
    database,
    'touched_spans',
    `select distinct user_id, from_date, to_date from (${said} union all ${was} union all ${stated}) s
     where from_date is not null and to_date is not null`,
  );
}

/** Adds the days of stored records that a touched one overlaps in time: it may displace them, or have displaced them. */
async function addDisplaced(database: Database, spanned: Spanned): Promise<void> {
  const past = spanned(await monthsOf(database, 'touched_spans'));
  await database.run(
    `insert into touched_spans
     select distinct o.user_id, s.from_date, s.to_date
     from (${past}) s join owned o using (raw_key)
     join (
       select r.account, r.type, r.entity, d.start_s, d.end_s from touched r
       join ${DATES} d on d.raw_key = r.raw_key and d.pointer = r.pointer where d.start_s is not null
     ) n on n.account = s.account and n.type = s.type and n.entity = s.entity and n.start_s < s.end_s and s.start_s < n.end_s
     where s.start_s is not null and s.from_date is not null`,
  );
}

/** Makes `touched_objects`, `touched` and `touched_spans` of what came for `windowed_accounts`. */
export async function findTouched(database: Database, catalog: Catalog, spanned: Spanned): Promise<void> {
  await findObjects(database);
  await findRecords(database, spanned());
  await readDates(database, catalog, spanned);
  await findSpans(database);
  await addDisplaced(database, spanned);
}
