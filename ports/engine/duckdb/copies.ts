import { materialize, type Database } from './database.ts';
import { OBJECT_COLUMNS } from './intake.ts';

/** Objects of `windowed_accounts` by what they have in common: copies have one hash, parts of a statement one delivery. */
const TOLD = `told as (
  select raw_key, account, type, raw_sha256, coalesce(delivery_id, raw_key) as statement
  from all_objects where account in (select account from windowed_accounts)
)`;

const partsOf = (keys: string): string => `${TOLD},
  payloads_of as (select distinct account, type, raw_sha256 from told where raw_key in (${keys})),
  statements_of as (select distinct account, type, statement from told semi join payloads_of using (account, type, raw_sha256)),
  parts as (select told.* from told semi join statements_of using (account, type, statement))`;

/** A select of the raw keys of all copies of the objects `keys` selects, and of all parts of the statements any of these is of. */
export function partsSql(keys: string): string {
  return `with ${partsOf(keys)} select raw_key from parts`;
}

/**
 * Binds `objects`: those of accounts made anew whole, our own facts, and those of `keys` with whatever decides which copy of a payload counts
 * and how old a statement is: their parts, and the copies of these.
 */
export async function bindObjects(database: Database, keys: string): Promise<void> {
  await materialize(
    database,
    'objects',
    `with ${partsOf(keys)}, together as (select raw_key from told semi join parts using (account, type, raw_sha256))
     select ${OBJECT_COLUMNS} from all_objects
     where account in (select account from scope_accounts)
       and (account in (select account from whole_accounts) or provider = 'wellspring' or raw_key in (select raw_key from together))`,
  );
}
