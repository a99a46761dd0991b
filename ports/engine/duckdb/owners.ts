import type { Catalog } from './catalog.ts';
import { materialize, type Database } from './database.ts';
import { runModels } from './models.ts';

/** The model that says whose an account was and when; the engine runs it over everybody's facts. */
export const OWNERS = 'account_owners';

/** A typed empty select with the columns of `account_owners`. */
export const EMPTY_OWNERS = `select cast(null as varchar) as account, cast(null as varchar) as provider, cast(null as varchar) as user_id,
  cast(null as varchar) as connection_id, cast(null as bigint) as from_ms, cast(null as bigint) as until_ms where false`;

/**
 * From `all_objects` and `fact_records`: makes `account_owners` (everybody's) and `owned(raw_key, user_id)`, each object's owner
 * at the receive time of the earliest copy of its payload.
 */
export async function findOwners(database: Database, catalog: Catalog): Promise<void> {
  await materialize(database, 'objects', `select * exclude (intake) from all_objects where provider = 'wellspring'`);
  await materialize(database, 'records', 'select * from fact_records');
  if (catalog.models.has(OWNERS)) await runModels(database, catalog, { roots: [OWNERS] });
  else await materialize(database, OWNERS, EMPTY_OWNERS);
  await materialize(
    database,
    'owned',
    `with earliest as (
       select *, min(received_ms) over (partition by account, type, raw_sha256) as first_ms from all_objects
     )
     select e.raw_key, min(o.user_id) as user_id
     from earliest e join ${OWNERS} o on o.account = e.account
       and coalesce(o.from_ms, 0) <= e.first_ms and e.first_ms < coalesce(o.until_ms, 9223372036854775807)
     group by e.raw_key`,
  );
}
