import type { Catalog } from './catalog.ts';
import { materialize, type Database } from './database.ts';
import { RECORD_NAMES } from './intake.ts';
import { drawIn } from './scope.ts';
import { NEAR } from './strata.ts';
import { findTouched, periodsOf, NO_PERIOD, type StoredRecords } from './touched.ts';

/** Who has more touched days than this is made anew whole. */
const MOST_DAYS = 120;

/** How many days away what displaces a record of a day can be at most: it is as long as it, and neither is longer than two days. */
const BESIDE = 10;

/** Draws in to be made anew whole who has many touched days, and whoever is tied to them. */
async function widen(database: Database): Promise<void> {
  await materialize(
    database,
    'wide_users',
    `select distinct user_id from touched_spans where to_date - from_date > ${MOST_DAYS}
     union
     select user_id from (
       select distinct user_id, unnest(generate_series(from_date, to_date, interval 1 day)) as day
       from touched_spans where to_date - from_date <= ${MOST_DAYS}
     ) d group by user_id having count(*) > ${MOST_DAYS}`,
  );
  await drawIn(
    database,
    'wide_nodes',
    `select account from whole_accounts`,
    `select user_id from wide_users union select user_id from whole_users`,
  );
  await materialize(database, 'whole_users', `select id as user_id from wide_nodes where kind = 'user'`);
  await materialize(database, 'whole_accounts', `select id as account from wide_nodes where kind = 'account'`);
  await database.run(`delete from windowed_accounts where account in (select account from whole_accounts)`);
  await database.run(`delete from touched where account in (select account from whole_accounts)`);
  await database.run(`delete from touched_spans where user_id in (select user_id from whole_users)`);
}

/** Makes `near_records`: what stored records the touched days and all that these reach are made of, and the facts beside them. */
async function findNear(database: Database, stored: StoredRecords): Promise<void> {
  const margin = NEAR.before + NEAR.after;
  await materialize(
    database,
    'read_days',
    `select distinct user_id, cast(unnest(generate_series(from_date - ${margin}, to_date + ${margin}, interval 1 day)) as date) as day from touched_spans`,
  );
  const bounds = `(select min(day) - ${BESIDE} as from_date, max(day) + ${BESIDE} as to_date from read_days)`;
  const past = `select * from (${stored.of(await periodsOf(database, bounds))}) where from_date <= (select to_date from ${bounds} b) and to_date >= (select from_date from ${bounds} b)`;
  await materialize(
    database,
    'past_days',
    `select s.raw_key, s.entity, s.pointer, s.account, s.type, s.start_s, s.end_s, s.from_date, s.to_date, o.user_id
     from (${past}) s join owned o using (raw_key) where s.provider <> 'wellspring' and s.account in (select account from windowed_accounts)`,
  );
  await materialize(
    database,
    'near_keys',
    `select distinct p.* exclude (from_date, to_date, user_id) from past_days p
     join read_days r on r.user_id = p.user_id and r.day between p.from_date and p.to_date`,
  );
  // Whatever overlaps one of them in time decides whether it stands.
  await database.run(
    `insert into near_keys
     select distinct s.raw_key, s.entity, s.pointer, s.account, s.type, s.start_s, s.end_s
     from past_days s join near_keys n on n.account = s.account and n.type = s.type and n.entity = s.entity
       and n.start_s < s.end_s and s.start_s < n.end_s
     where s.start_s is not null and (s.raw_key, s.entity, s.pointer) not in (select (raw_key, entity, pointer) from near_keys)`,
  );
  await materialize(
    database,
    'near_records',
    `select ${RECORD_NAMES} from (${past}) s
     where (raw_key, entity, pointer) in (select (raw_key, entity, pointer) from near_keys) and provider <> 'wellspring'
     union all
     select ${RECORD_NAMES} from (${stored.of(NO_PERIOD)}) f
     where provider = 'wellspring' and account in (select account from windowed_accounts)`,
  );
  for (const table of ['past_days', 'read_days', 'near_keys']) await database.run(`drop table ${table}`);
}

/**
 * Looks for the days of whom a batch is about that have to be made anew, and for the stored records they are made of: `windowed_accounts`,
 * `touched_objects`, `touched`, `touched_spans`, `near_records`. Who is to be made anew whole is in `whole_users` and `whole_accounts` as before,
 * or since now. False when that is everybody.
 */
export async function findWindow(
  database: Database,
  catalog: Catalog,
  recordsOf: (accounts: readonly string[]) => StoredRecords,
): Promise<boolean> {
  await materialize(
    database,
    'windowed_accounts',
    'select account from scope_accounts where account not in (select account from whole_accounts)',
  );
  const accounts = (await database.rows('select account from windowed_accounts order by 1')).map(({ account }) =>
    String(account),
  );
  if (accounts.length === 0) return false;
  const stored = recordsOf(accounts);
  await findTouched(database, catalog, stored);
  await widen(database);
  await findNear(database, stored);
  return true;
}
