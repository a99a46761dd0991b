import { dataFileOf } from './live.ts';
import { type Entry, type Manifest, STATUS } from './manifests.ts';
import type { Snapshot } from './metadata.ts';

/** What a snapshot says of itself, as other writers do: what it added and took out (left out where nothing), and what there is now. */
export function summarize(
  entries: readonly Entry[],
  manifests: readonly Manifest[],
  before: Snapshot | undefined,
): Snapshot['summary'] {
  const [added, deleted] = [tallyOf(entries, STATUS.added), tallyOf(entries, STATUS.deleted)];
  const changed = entries.filter(({ status }) => status !== STATUS.existing).map((one) => dataFileOf(one).partition);
  const grown = added.bytes - deleted.bytes;
  const bytesBefore = before === undefined ? 0 : Number(before.summary['total-files-size'] ?? Number.NaN);
  const total = (of: (one: Manifest) => number | bigint) =>
    manifests.reduce((sum, one) => sum + BigInt(of(one)), 0n).toString();
  return {
    operation: deleted.files === 0 ? 'append' : added.files === 0 ? 'delete' : 'overwrite',
    ...named({
      'added-data-files': added.files,
      'added-records': added.rows,
      'added-files-size': added.bytes,
      'deleted-data-files': deleted.files,
      'deleted-records': deleted.rows,
      'removed-files-size': deleted.bytes,
      'changed-partition-count': new Set(changed).size,
    }),
    'total-records': total((one) => one.added_rows_count + one.existing_rows_count),
    'total-data-files': total((one) => one.added_files_count + one.existing_files_count),
    // Somebody's snapshot may not say it.
    ...(Number.isNaN(bytesBefore) ? {} : { 'total-files-size': String(bytesBefore + grown) }),
    'total-delete-files': '0',
    'total-position-deletes': '0',
    'total-equality-deletes': '0',
    'engine-name': 'wellspring',
  };
}

/** How many files and rows of a manifest have a status, and their bytes. */
export function tallyOf(entries: readonly Entry[], status: number) {
  const files = entries.filter((one) => one.status === status).map(dataFileOf);
  return {
    files: files.length,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function named(counts: Readonly<Record<string, number | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(counts).flatMap(([name, count]) => (count ? [[name, String(count)]] : [])));
}
