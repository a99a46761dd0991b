import { documentsSql } from './bronze.ts';
import { bucketOf } from './buckets.ts';
import type { Catalog } from './catalog.ts';
import type { Before } from './compute.ts';
import { DATES } from './dates.ts';
import { EMPTY_OBJECTS, EMPTY_RECORDS, RECORD_NAMES } from './intake.ts';
import type { Manifest, StoredTable } from './manifest.ts';
import { EMPTY_OWNERS } from './owners.ts';
import { filesSql, sourceSql } from './source.ts';
import { inList } from './sql.ts';
import type { StoredRecords } from './touched.ts';

const rowsOf = ({ files }: StoredTable): number => files.reduce((sum, { rows }) => sum + rows, 0);

/** What a rebuild begins from: nothing but documents, which are as good as raw where raw lists them. */
export function nothing(directory: string, current: Manifest | undefined): Before {
  return {
    objects: EMPTY_OBJECTS,
    records: () => EMPTY_RECORDS,
    owners: EMPTY_OWNERS,
    documents: (dates) => documentsSql(directory, current?.documents ?? [], dates),
  };
}

/** The records of these accounts: files of some periods and of none are read, or of all. */
function recordsOf(directory: string, table: StoredTable, accounts: readonly string[]): StoredRecords {
  const buckets = new Set(accounts.map(bucketOf));
  const files = table.files.filter(({ bucket }) => bucket !== null && buckets.has(bucket));
  const among = `account in ${inList(accounts)}`;
  return {
    beside: filesSql(directory, table, files),
    of: (periods) =>
      `select * from (${filesSql(
        directory,
        table,
        files.filter(({ period }) => period === null || periods(period)),
      )}) where ${among}`,
  };
}

/** What a batch begins from; days can be made anew by themselves once there are `least` stored records. */
export function stored(directory: string, manifest: Manifest, catalog: Catalog, least: number): Before {
  const select = (name: string, otherwise: string, partitions?: readonly string[]): string => {
    const table = manifest.tables[name];
    return table === undefined ? otherwise : sourceSql(directory, table, partitions);
  };
  const records = manifest.tables['records'];
  return {
    objects: select('objects', EMPTY_OBJECTS),
    records: (accounts) => `select ${RECORD_NAMES} from (${select('records', EMPTY_RECORDS, accounts)})`,
    owners: select('account_owners', EMPTY_OWNERS),
    documents: (dates) => documentsSql(directory, manifest.documents, dates),
    ...(records === undefined || rowsOf(records) < least || !catalog.models.has(DATES)
      ? {}
      : {
          days: {
            records: (accounts) => recordsOf(directory, records, accounts),
            table: (name) => {
              const table = manifest.tables[name];
              return table && ((isIn) => filesSql(directory, table, table.files.filter(isIn)));
            },
          },
        }),
  };
}
