import { documentsSql } from './bronze.ts';
import { bucketOf } from './buckets.ts';
import type { Catalog } from './catalog.ts';
import type { Before } from './compute.ts';
import { DATES } from './dates.ts';
import { EMPTY_OBJECTS, EMPTY_RECORDS, RECORD_NAMES } from './intake.ts';
import type { Manifest, StoredFile, StoredTable } from './manifest.ts';
import { EMPTY_OWNERS } from './owners.ts';
import { filesSql, sourceSql } from './source.ts';
import { inList } from './sql.ts';
import type { Months } from './touched.ts';

/** Rows of all files of a table. */
export const rowsOf = ({ files }: StoredTable): number => files.reduce((sum, { rows }) => sum + rows, 0);

/** What a rebuild begins from: nothing but documents, which are as good as raw where raw lists them. */
export function nothing(directory: string, current: Manifest | undefined): Before {
  return {
    objects: EMPTY_OBJECTS,
    records: () => EMPTY_RECORDS,
    owners: EMPTY_OWNERS,
    documents: (dates) => documentsSql(directory, current?.documents ?? [], dates),
    rereadAll: false,
  };
}

/** Files of the records of these accounts, of some months and of none. */
function recordFiles(table: StoredTable, accounts: readonly string[], months?: Months): readonly StoredFile[] {
  const buckets = new Set(accounts.map(bucketOf));
  return table.files.filter(
    ({ bucket, month }) =>
      bucket !== null &&
      buckets.has(bucket) &&
      (months === undefined || month === null || (months.from <= month && month <= months.to)),
  );
}

/** The records of whoever is in these buckets, below which whole people are made anew: to find days costs more than to make so few. */
export const LITTLE_RECORDS = 30_000;

/** What a batch begins from: what the one before left. `least`: from how many records on days are found. */
export function stored(directory: string, manifest: Manifest, catalog: Catalog, least: number): Before {
  const select = (name: string, otherwise: string, partitions?: readonly string[]): string => {
    const table = manifest.tables[name];
    return table === undefined ? otherwise : sourceSql(directory, table, partitions);
  };
  const rereadAll = manifest.readers_version !== catalog.readersVersion;
  const records = manifest.tables['records'];
  return {
    objects: select('objects', EMPTY_OBJECTS),
    records: (accounts) => `select ${RECORD_NAMES} from (${select('records', EMPTY_RECORDS, accounts)})`,
    owners: select('account_owners', EMPTY_OWNERS),
    documents: (dates) => documentsSql(directory, manifest.documents, dates),
    rereadAll,
    ...(rereadAll || records === undefined || rowsOf(records) < least || !catalog.models.has(DATES)
      ? {}
      : {
          days: {
            records: (accounts) => (months) =>
              `select * from (${filesSql(directory, records, recordFiles(records, accounts, months))})
              where account in ${inList(accounts)}`,
            table: (name) => select(name, ''),
          },
        }),
  };
}
