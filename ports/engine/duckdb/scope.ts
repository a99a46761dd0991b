import { materialize, type Database } from './database.ts';
import { OWNERS } from './owners.ts';

/** A fact that changes no day: until when an account's notices are done with. */
const DAYLESS_FACT = 'wellspring.fetched';

/** Makes a table of `kind` and `id`: these accounts and people, and whoever is tied to them. */
export async function drawIn(database: Database, name: string, accounts: string, users: string): Promise<void> {
  await materialize(
    database,
    name,
    `with recursive reached(kind, id) as (
       select 'account', account from (${accounts}) a
       union select 'user', user_id from (${users}) u
       union select case when r.kind = 'account' then 'user' else 'account' end, case when r.kind = 'account' then t.user_id else t.account end
       from reached r join ties t on (r.kind = 'account' and t.account = r.id) or (r.kind = 'user' and t.user_id = r.id)
     ) select distinct kind, id from reached`,
  );
}

/**
 * Makes `scope_users(user_id)` and `scope_accounts(account)`: whom this batch is about. People and accounts are drawn in
 * until nobody is left half: all accounts a person owns or owned, all people who own or owned them, before this batch or now.
 * Ownership changes only by facts, and a fact is an arrival of an account of the person it is about.
 * Makes `whole_users` and `whole_accounts` likewise: those of them of whom every day is to be made anew.
 */
export async function findScope(database: Database, also: readonly string[] | 'all'): Promise<void> {
  await materialize(
    database,
    'ties',
    `select distinct account, user_id from (select account, user_id from ${OWNERS} union all select account, user_id from previous_owners)`,
  );
  const everybody = `select account from all_objects union select account from ties`;
  const retracted = `select o.account from all_objects o semi join (
      select unnest(json_extract_string(record, '$.raw_keys[*]')) as raw_key from fresh_records where type = 'wellspring.retraction'
    ) r using (raw_key)
    union select unnest(json_extract_string(record, '$.records[*].account')) from fresh_records where type = 'wellspring.retraction'`;
  const stated = `select account from arrivals where provider = 'wellspring' and type <> '${DAYLESS_FACT}'`;
  await materialize(database, 'retracted_accounts', retracted);
  await database.run('create or replace temp table named_users (user_id varchar)');
  if (also !== 'all')
    await database.append(
      'named_users',
      also.map((user) => [user]),
    );
  const named = 'select user_id from named_users';
  const changed = `${stated} union select account from read_again union select account from retracted_accounts`;
  const touched = `select account from arrivals union ${changed}`;
  await drawIn(database, 'scope_nodes', also === 'all' ? everybody : touched, named);
  await drawIn(database, 'whole_nodes', also === 'all' ? everybody : changed, named);
  for (const part of ['scope', 'whole']) {
    await materialize(database, `${part}_users`, `select id as user_id from ${part}_nodes where kind = 'user'`);
    await materialize(database, `${part}_accounts`, `select id as account from ${part}_nodes where kind = 'account'`);
  }
}
