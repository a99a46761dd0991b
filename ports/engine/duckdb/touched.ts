import type { Catalog } from './catalog.ts';
import { bindObjects, partsSql } from './copies.ts';
import { columnOf, materialize, type Database } from './database.ts';
import { DATE_COLUMNS, DATES, MARKS, NO_DATE_COLUMNS } from './dates.ts';
import { LONGEST_DAYS, periodOf } from './days.ts';
import { RECORD_NAMES } from './intake.ts';
import { runModels } from './models.ts';
import { OWNERS } from './owners.ts';
import { overlapping } from './periods.ts';

/** Whether files of a period have to be looked into; those of none always are. */
export type Periods = (period: string) => boolean;

/** Stored records of `windowed_accounts`, with `DATE_COLUMNS` and `MARKS`, as selects. */
export interface StoredRecords {
  readonly of: (periods: Periods) => string;
  /** All there are, beside those of other accounts in the same files. */
  readonly beside: string;
}

/** Only what is of no period. */
export const NO_PERIOD: Periods = () => false;

/** The periods in which records may be stored whose days matter to the spans `select` (user_id, from_date, to_date). */
export async function periodsOf(database: Database, select: string): Promise<Periods> {
  // Days outside these years are in files of no period, and years of more than four digits do not compare as text.
  const [row] = await database.rows(
    `select strftime(greatest(min(from_date), date '1900-03-01') - interval ${LONGEST_DAYS} day, '%Y-%m-%d') as a,
       strftime(least(max(to_date), date '2999-12-31'), '%Y-%m-%d') as b from ${select} s`,
  );
  if (typeof row?.['a'] !== 'string') return NO_PERIOD;
  const [from, to] = [row['a'], String(row['b'])];
  return (period) => from.slice(0, period.length) <= period && period <= to;
}

/** The periods of the stored records that were read from the touched objects, or are of the keys of what came: all versions of a record are of one. */
async function periodsOfVersions(database: Database, { beside }: StoredRecords): Promise<Periods> {
  const period = periodOf(DATE_COLUMNS.split(', '), 'account') ?? '';
  return overlapping(
    await columnOf(
      database,
      `select distinct ${period} as period from (
         select distinct from_date, to_date from (${beside}) s
         where object_mark in (select ${MARKS.object_mark} from touched_objects) or key_mark in (select ${MARKS.key_mark} from fresh_records)
       ) d where period is not null`,
    ),
  );
}

/** Makes `touched_objects(raw_key)`: what came, copies of it, and other parts of the statements any of these is of. */
async function findObjects(database: Database): Promise<void> {
  await materialize(database, 'touched_objects', partsSql('select raw_key from arrivals'));
}

/** True for what is no part of another record. */
const IS_ROOT = `(type, entity) not in (select (type, entity) from readers where replaces = 'parent')`;

/** Makes `past_keys` of stored records that are not read anew. */
async function readKeys(database: Database, past: string): Promise<void> {
  await materialize(
    database,
    'past_keys',
    `select raw_key, account, type, entity, pointer, parent, key, from_date from (${past}) s where raw_key not in (select raw_key from incoming)`,
  );
}

/** Adds to `touched` the stored records of `touched_roots(raw_key, pointer)`, and what was read from them. */
async function addRoots(database: Database, past: string): Promise<void> {
  await database.run(
    `insert into touched
     select ${RECORD_NAMES}, ${DATE_COLUMNS} from (${past}) s
     where (raw_key, entity, pointer) in (
       select (raw_key, entity, pointer) from past_keys
       where raw_key in (select raw_key from touched_objects) or (raw_key, pointer) in (select (raw_key, pointer) from touched_roots)
         or (raw_key, parent) in (select (raw_key, pointer) from touched_roots)
     ) and (raw_key, entity, pointer) not in (select (raw_key, entity, pointer) from touched)`,
  );
}

/**
 * Makes `touched`: the records of these objects, all versions of each, and what was read from any of them; and those of covered
 * statements that are of no day, which no day leads to.
 */
async function findRecords(database: Database, past: string): Promise<void> {
  const inObjects = 'raw_key in (select raw_key from touched_objects)';
  await readKeys(database, past);
  await materialize(
    database,
    'touched_keys',
    `select distinct account, type, entity, key from (
       select account, type, entity, key from fresh_records where ${IS_ROOT}
       union all
       select account, type, entity, key from past_keys where ${inObjects} and ${IS_ROOT}
       union all
       select account, type, entity, key from past_keys
       where from_date is null and (type, entity) in (select (type, entity) from readers where replaces = 'covered')
         and (account, type) in (select (account, type) from all_objects where ${inObjects})
     ) k where key is not null`,
  );
  await materialize(
    database,
    'touched_roots',
    `select raw_key, pointer from past_keys
     where ${IS_ROOT} and (${inObjects} or (account, type, entity, key) in (select (account, type, entity, key) from touched_keys))`,
  );
  await materialize(
    database,
    'touched',
    `select ${RECORD_NAMES}, ${NO_DATE_COLUMNS} from fresh_records where account in (select account from windowed_accounts)`,
  );
  await addRoots(database, past);
}

/** Runs the model of dates over the touched records alone: what they say decides which others matter. */
async function readDates(database: Database, catalog: Catalog, stored: StoredRecords): Promise<void> {
  await bindObjects(database, 'select raw_key from touched');
  await materialize(
    database,
    'records',
    `select ${RECORD_NAMES} from touched where provider = 'wellspring' or raw_key in (select raw_key from owned)
     union all
     select ${RECORD_NAMES} from (${stored.of(NO_PERIOD)}) f
     where provider = 'wellspring' and (raw_key, pointer) not in (select (raw_key, pointer) from touched)`,
  );
  await runModels(database, catalog, { roots: [DATES], bound: [OWNERS] });
}

/**
 * Makes `touched_spans(user_id, from_date, to_date)`: days the touched records are or were of, and days stated anew; of everybody whose the account
 * is or was: an earlier copy may make a payload another person's.
 */
async function findSpans(database: Database): Promise<void> {
  const said = `select k.user_id, d.from_date, d.to_date from ${DATES} d join all_objects a using (raw_key) join ties k on k.account = a.account`;
  const was = `select k.user_id, t.from_date, t.to_date from touched t join ties k on k.account = t.account`;
  const stated = `select k.user_id, try_cast(a.covers_from as date), try_cast(a.covers_to as date)
    from all_objects a join ties k on k.account = a.account
    where a.raw_key in (select raw_key from touched_objects) and a.type in (select type from readers where replaces = 'covered')`;
  await materialize(
    database,
    'touched_spans',
    `select distinct user_id, from_date, to_date from (${said} union all ${was} union all ${stated}) s
     where from_date is not null and to_date is not null`,
  );
}

/**
 * Adds the stored records that a touched one overlaps in time, with all versions of each, and their days: it may displace them, or have
 * displaced them.
 */
async function addDisplaced(database: Database, stored: StoredRecords): Promise<void> {
  const past = stored.of(await periodsOf(database, 'touched_spans'));
  await materialize(
    database,
    'displaced',
    `select distinct o.user_id, s.account, s.type, s.entity, s.key, s.from_date, s.to_date
     from (${past}) s join owned o using (raw_key)
     join (
       select r.account, r.type, r.entity, d.start_s, d.end_s from touched r
       join ${DATES} d on d.raw_key = r.raw_key and d.pointer = r.pointer where d.start_s is not null
     ) n on n.account = s.account and n.type = s.type and n.entity = s.entity and n.start_s < s.end_s and s.start_s < n.end_s
     where s.start_s is not null and s.from_date is not null and s.key is not null`,
  );
  await database.run(
    'insert into touched_spans select distinct user_id, from_date, to_date from displaced where to_date is not null',
  );
  await readKeys(database, past);
  await materialize(
    database,
    'touched_roots',
    `select raw_key, pointer from past_keys where (account, type, entity, key) in (select (account, type, entity, key) from displaced)`,
  );
  await addRoots(database, past);
  await database.run('drop table displaced');
}

/** Adds the days of stored records that tie a touched day to one further away; a height ties no days, it holds on. */
async function addTied(database: Database, past: string): Promise<void> {
  await materialize(
    database,
    'ties_between',
    `select distinct o.user_id, s.from_date, s.to_date from (${past}) s join owned o using (raw_key)
     where s.to_date - s.from_date > ${LONGEST_DAYS} and s.to_date < date '9999-12-31'`,
  );
  await materialize(
    database,
    'touched_spans',
    `with recursive tied(user_id, from_date, to_date) as (
       select user_id, from_date, to_date from touched_spans
       union
       select b.user_id, b.from_date, b.to_date from tied t join ties_between b
         on b.user_id = t.user_id and b.from_date <= t.to_date and t.from_date <= b.to_date
     ) select user_id, from_date, to_date from tied`,
  );
  await database.run('drop table ties_between');
}

/** Makes `touched_objects`, `touched` and `touched_spans` of what came for `windowed_accounts`. */
export async function findTouched(database: Database, catalog: Catalog, stored: StoredRecords): Promise<void> {
  await findObjects(database);
  await findRecords(database, stored.of(await periodsOfVersions(database, stored)));
  await readDates(database, catalog, stored);
  await findSpans(database);
  await addDisplaced(database, stored);
  await addTied(database, stored.of(NO_PERIOD));
  for (const table of ['past_keys', 'touched_keys', 'touched_roots']) await database.run(`drop table ${table}`);
}
