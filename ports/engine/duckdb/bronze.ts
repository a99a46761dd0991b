import path from 'node:path';
import { type Copied, copyTo } from './copy.ts';
import { columnOf, type Database } from './database.ts';
import type { DocumentFile } from './manifest.ts';
import { literal } from './sql.ts';
import { folderOf, settle, syncDirectories, type Staging } from './stage.ts';

/** Rows of a group in a file: DuckDB holds the documents of one at a time, and 122,880 as it would have it are more than memory. */
const GROUP_ROWS = 2048;

/** Compressed; what one batch reads and writes anew at most so that a date is one file. */
const MERGED_BYTES = 32_000_000;

const EMPTY = `select cast(null as varchar) as raw_key, cast(null as varchar) as account, cast(null as varchar) as document where false`;

/** The date in a raw key as SQL; keys come from outside and may have none. */
const DATE = `case when regexp_matches(raw_key, '^raw/[0-9]{4}-[0-9]{2}-[0-9]{2}/') then substr(raw_key, 5, 10) else 'undated' end`;

const parquet = (directory: string, files: readonly DocumentFile[], options = ''): string =>
  `read_parquet([${files.map((file) => literal(path.join(directory, file.path))).join(', ')}], hive_partitioning = false${options})`;

/** Dates of the raw keys of a select, as documents are kept by. */
export const datesSql = (keys: string): string => `select distinct ${DATE} as date from (${keys}) k`;

/** A select of the documents kept in these files: raw_key, account, document; of some dates, or all. */
export function documentsSql(directory: string, files: readonly DocumentFile[], dates?: Iterable<string>): string {
  const wanted = dates === undefined ? undefined : new Set(dates);
  const some = files.filter(({ date }) => wanted === undefined || wanted.has(date));
  return some.length === 0 ? EMPTY : `select raw_key, account, document from ${parquet(directory, some)}`;
}

async function settled(staging: Staging, file: Copied, date: string, name: string): Promise<DocumentFile> {
  const to = `documents/${date}/${name}.parquet`;
  await settle(file.path, staging.directory, to);
  return { path: to, date, rows: file.rows, bytes: file.bytes };
}

/** Writes a select of raw_key, account and document as files by date. */
async function write(database: Database, staging: Staging, select: string): Promise<readonly DocumentFile[]> {
  const written = await copyTo(
    database,
    `select *, ${DATE} as date from (${select}) d order by raw_key`,
    folderOf(staging, 'documents'),
    { by: ['date'], groupRows: GROUP_ROWS },
  );
  const files: DocumentFile[] = [];
  for (const file of written) {
    const date = file.values['date'] ?? 'undated';
    const at = files.filter((one) => one.date === date).length;
    files.push(await settled(staging, file, date, `${staging.batchId}${at === 0 ? '' : `-${at}`}`));
  }
  await syncDirectories(staging.directory, files);
  return files;
}

/** Files of one date that become one: of dates that are over, the oldest first, the smallest files first, as many as a batch may. */
function mergeable(files: readonly DocumentFile[], today: string): ReadonlyMap<string, readonly DocumentFile[]> {
  let left = MERGED_BYTES;
  const groups = new Map<string, readonly DocumentFile[]>();
  for (const date of [...new Set(files.map((file) => file.date))].toSorted()) {
    if (date >= today) continue;
    const group: DocumentFile[] = [];
    for (const file of files.filter((one) => one.date === date).toSorted((a, b) => a.bytes - b.bytes)) {
      if (file.bytes > left) break;
      left -= file.bytes;
      group.push(file);
    }
    if (group.length > 1) groups.set(date, group);
    else left += group[0]?.bytes ?? 0;
  }
  return groups;
}

/** Makes one file of those of a date before `today`, as far as a batch may. */
export async function mergeDocuments(
  database: Database,
  staging: Staging,
  files: readonly DocumentFile[],
  today: string,
): Promise<readonly DocumentFile[]> {
  const merged: DocumentFile[] = [];
  const groups = mergeable(files, today);
  for (const [date, group] of groups) {
    const written = await copyTo(
      database,
      documentsSql(staging.directory, group),
      path.join(folderOf(staging, 'merged'), `${date}.parquet`),
      { groupRows: GROUP_ROWS },
    );
    for (const file of written) merged.push(await settled(staging, file, date, `${staging.batchId}-merged`));
  }
  await syncDirectories(staging.directory, merged);
  const gone = new Set([...groups.values()].flat());
  return [...files.filter((file) => !gone.has(file)), ...merged];
}

/** Rows by file for which a condition holds; files without one are left out. */
async function rowsWhere(database: Database, directory: string, files: readonly DocumentFile[], condition: string) {
  if (files.length === 0) return new Map<DocumentFile, number>();
  const byPath = new Map(files.map((file) => [path.join(directory, file.path), file]));
  const found = await database.rows(
    `select filename, count(*) as n from ${parquet(directory, files, ', filename = true')} where ${condition} group by filename`,
  );
  return new Map(
    found.flatMap((row) => {
      const file = byPath.get(String(row['filename']));
      return file === undefined ? [] : [[file, Number(row['n'])] as const];
    }),
  );
}

/** The files in which there is nothing but documents whose keys a select has. */
export async function withoutStrangers(
  database: Database,
  directory: string,
  files: readonly DocumentFile[],
  keys: string,
): Promise<readonly DocumentFile[]> {
  const broken = await rowsWhere(database, directory, files, `raw_key not in (${keys})`);
  return files.filter((file) => !broken.has(file));
}

/** Keeps documents (a select of raw_key, account, document) beside those in `files`, a file a date; those that are there are not written again. */
export async function keepDocuments(
  database: Database,
  staging: Staging,
  files: readonly DocumentFile[],
  documents: string,
): Promise<readonly DocumentFile[]> {
  const there = documentsSql(staging.directory, files, await columnOf(database, datesSql(documents)));
  const fresh = `select * from (${documents}) n where raw_key not in (select raw_key from (${there}) t)`;
  return [...files, ...(await write(database, staging, fresh))];
}

/**
 * Keeps the documents of `incoming` beside those kept before, and merges files of dates before `today`.
 * `whole`: there is nothing in raw but `incoming`, so what else was kept goes.
 */
export async function stageDocuments(
  database: Database,
  staging: Staging,
  before: { readonly files: readonly DocumentFile[]; readonly whole: boolean; readonly today: string },
): Promise<readonly DocumentFile[]> {
  const kept = before.whole
    ? await withoutStrangers(database, staging.directory, before.files, 'select raw_key from incoming')
    : before.files;
  const rows = `select raw_key, account, document from incoming join (select raw_key, account from all_objects) o using (raw_key)`;
  return mergeDocuments(database, staging, await keepDocuments(database, staging, kept, rows), before.today);
}

/** How many documents a condition on raw_key and account holds for. */
export async function countDocuments(
  database: Database,
  directory: string,
  files: readonly DocumentFile[],
  condition: string,
): Promise<number> {
  const found = await rowsWhere(database, directory, files, condition);
  return [...found.values()].reduce((sum, n) => sum + n, 0);
}

/** Writes files anew that hold documents for which the condition holds, without these; undefined when none does. */
export async function dropDocuments(
  database: Database,
  staging: Staging,
  files: readonly DocumentFile[],
  condition: string,
): Promise<readonly DocumentFile[] | undefined> {
  const losing = new Set((await rowsWhere(database, staging.directory, files, condition)).keys());
  if (losing.size === 0) return undefined;
  const left = `select * from (${documentsSql(staging.directory, [...losing])}) d where not (${condition})`;
  return [...files.filter((file) => !losing.has(file)), ...(await write(database, staging, left))];
}
