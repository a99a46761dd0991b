import { materialize, type Database } from './database.ts';
import { OWNERS } from './owners.ts';

/**
 * Makes `scope_users(user_id)` and `scope_accounts(account)`: whom this batch recomputes. People and accounts are drawn in
 * until nobody is left half: all accounts a person owns or owned, all people who own or owned them, before this batch or now.
 * Ownership changes only by facts, and a fact is an arrival of an account of the person it is about.
 */
export async function findScope(database: Database, also: readonly string[] | 'all'): Promise<void> {
  await materialize(
    database,
    'ties',
    `select distinct account, user_id from (select account, user_id from ${OWNERS} union all select account, user_id from previous_owners)`,
  );
  const retracted = `select o.account from all_objects o semi join (
      select unnest(json_extract_string(record, '$.raw_keys[*]')) as raw_key from fresh_records where type = 'wellspring.retraction'
    ) r using (raw_key)
    union select unnest(json_extract_string(record, '$.records[*].account')) from fresh_records where type = 'wellspring.retraction'`;
  const touched =
    also === 'all'
      ? `select account from all_objects union select account from ties`
      : `select account from arrivals union ${retracted}`;
  await materialize(database, 'touched_accounts', `select distinct account from (${touched})`);
  await database.run('create or replace temp table named_users (user_id varchar)');
  if (also !== 'all')
    await database.append(
      'named_users',
      also.map((user) => [user]),
    );
  await materialize(
    database,
    'scope_nodes',
    `with recursive reached(kind, id) as (
       select 'account', account from touched_accounts
       union select 'user', user_id from named_users
       union select case when r.kind = 'account' then 'user' else 'account' end, case when r.kind = 'account' then t.user_id else t.account end
       from reached r join ties t on (r.kind = 'account' and t.account = r.id) or (r.kind = 'user' and t.user_id = r.id)
     ) select distinct kind, id from reached`,
  );
  await materialize(database, 'scope_users', `select id as user_id from scope_nodes where kind = 'user'`);
  await materialize(database, 'scope_accounts', `select id as account from scope_nodes where kind = 'account'`);
}
