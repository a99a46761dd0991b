import { columnOf, materialize, type Database } from './database.ts';
import { DATE_COLUMNS, dateRecords, MARK_COLUMNS } from './dates.ts';
import { periodOf } from './days.ts';
import { RECORD_NAMES } from './intake.ts';
import type { Manifest } from './manifest.ts';
import { bucketsOf, placesOf } from './periods.ts';
import type { Replaced } from './stage.ts';
import { sourceSql } from './source.ts';

// What the engine itself keeps between batches: objects and records.

const INCOMING = 'coalesce(raw_key in (select raw_key from incoming), false)';

/** Makes `kept_objects`: those read now. */
export async function keepObjects(database: Database): Promise<void> {
  await materialize(database, 'kept_objects', `select * from all_objects where ${INCOMING}`);
}

/**
 * Makes `kept_records` of whom the batch is about: records read now, of accounts made anew whole, and versions of the same, with their days.
 * `kept`: the manifest that holds those of before.
 */
export async function keepRecords(
  database: Database,
  {
    kept,
    directory,
    isWindowed,
  }: { readonly kept: Manifest | undefined; readonly directory: string; readonly isWindowed: boolean },
): Promise<void> {
  const whole = await columnOf(database, 'select account from whole_accounts');
  const old = kept?.tables['records'];
  const past = old === undefined ? [] : [sourceSql(directory, old, whole)];
  const before = past.map(
    (select) =>
      `select ${RECORD_NAMES} from (${select}) w where account in (select account from whole_accounts) and not ${INCOMING} union all`,
  );
  const touched = `select ${RECORD_NAMES} from touched where not ${INCOMING} union all`;
  await materialize(
    database,
    'kept_of',
    `${before.join(' ')} ${isWindowed ? touched : ''} select ${RECORD_NAMES} from fresh_records where account in (select account from scope_accounts)`,
  );
  await dateRecords(database, 'select * from kept_of');
  await materialize(
    database,
    'kept_records',
    `select *, ${MARK_COLUMNS} from (
       select k.*, ${DATE_COLUMNS} from kept_of k
       left join dated d on d.raw_key = k.raw_key and d.entity = k.entity and d.pointer = k.pointer
     ) r`,
  );
}

/** Which objects and records of before go: those read now, and of records also those whose days were found anew. */
export async function keptReplaced(
  database: Database,
  isWindowed: boolean,
): Promise<{ readonly objects: Replaced; readonly records: Replaced }> {
  const columns = DATE_COLUMNS.split(', ');
  const came = `from all_objects where ${INCOMING}`;
  const objects = await placesOf(database, came, 'account', periodOf(['raw_key'], 'account') ?? '');
  const dated = isWindowed
    ? await placesOf(database, `from touched where not ${INCOMING}`, 'account', periodOf(columns, 'account') ?? '')
    : () => false;
  const whole = await bucketsOf(database, 'whole_accounts', 'account');
  const touched = '(raw_key, entity, pointer) in (select (raw_key, entity, pointer) from touched)';
  return {
    objects: { isIn: objects, where: INCOMING },
    records: {
      isIn: (file) => whole(file) || dated(file),
      where: `(${INCOMING} or coalesce(account in (select account from whole_accounts), false)${isWindowed ? ` or coalesce(${touched}, false)` : ''})`,
    },
  };
}
