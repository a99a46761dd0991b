import { bucketOf } from '../../iceberg/iceberg.ts';
import type { Before } from '../duckdb/compute.ts';
import type { Database } from '../duckdb/database.ts';
import { identifier, literal } from '../duckdb/sql.ts';
import { selectOf, type Held } from './held.ts';
import type { Lake } from './lake.ts';
import { OBJECTS, OWNERS, RECORDS, type Layout } from './layout.ts';
import { put, type Guard } from './store.ts';

/** The tables of what was read. */
export interface Facts {
  readonly objects: Held;
  readonly records: Held;
  readonly owners: Held;
}

export async function holdFacts(lake: Lake): Promise<Facts> {
  return { objects: await lake.hold(OBJECTS), records: await lake.hold(RECORDS), owners: await lake.hold(OWNERS) };
}

const listed = ({ columns }: Layout, without = ''): string =>
  Object.keys(columns)
    .filter((name) => name !== without)
    .map(identifier)
    .join(', ');

/** Binds `gone_keys`, and answers what is stored without the objects that are no more. */
export async function bindBefore(database: Database, facts: Facts, gone: readonly string[]): Promise<Before> {
  await database.run('create temp table gone_keys (raw_key varchar)');
  await database.append(
    'gone_keys',
    gone.map((key) => [key]),
  );
  const there = 'raw_key not in (select raw_key from gone_keys)';
  const { objects, records, owners } = facts;
  return {
    objects: `select ${listed(OBJECTS, 'readers_version')} from (${selectOf(objects)}) o where ${there}`,
    records(accounts) {
      const buckets = new Set(accounts.map(bucketOf));
      const files = records.files.filter(({ partition }) => partition !== null && buckets.has(partition));
      return `select ${listed(RECORDS)} from (${selectOf(records, files)}) r where ${there}`;
    },
    owners: `select ${listed(OWNERS)} from (${selectOf(owners)}) o`,
  };
}

/** Stores what `intake` read, and answers the rows that changed by table. Objects come last: one that stands there is not read again. */
export async function storeFacts(
  database: Database,
  lake: Lake,
  facts: Facts,
  readersVersion: string,
  guard: Guard,
): Promise<Readonly<Record<string, number>>> {
  const affected = 'raw_key in (select raw_key from incoming union all select raw_key from gone_keys)';
  const by = `case when a.raw_key in (select raw_key from arrivals) then ${literal(readersVersion)} else o.readers_version end`;
  const objects = `select a.*, ${by} as readers_version
    from all_objects a left join (select raw_key, readers_version from (${selectOf(facts.objects)}) s) o on o.raw_key = a.raw_key`;
  return {
    records: await put(database, lake, facts.records, 'select * from fresh_records', { scope: affected, guard }),
    [OWNERS.name]: await put(database, lake, facts.owners, `select * from ${OWNERS.name}`, { guard }),
    objects: await put(database, lake, facts.objects, objects, { guard }),
  };
}
