import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { BUCKET, BUCKETS, NOBODY, placedSql } from './buckets.ts';
import { copyTo } from './copy.ts';
import { columnsOf, countRows, type Database } from './database.ts';
import { dayOf, periodOf } from './days.ts';
import { syncPath, type StoredFile, type StoredTable } from './manifest.ts';
import { fineSince, isOutgrown, placesOf, type Places } from './periods.ts';
import { filesSql } from './source.ts';
import { identifier } from './sql.ts';

/**
 * Rows from which on a table is written bucket after bucket, each sorted by period, person and day: so what a sort has in hand goes with a bucket, and
 * of a file with many groups of rows few are read. Below, the sixteen buckets have but one group each (122,880 rows), and sorting is a third of the
 * work. Sorted by period first, because DuckDB writes a group, however small, of every file it has rows of, whenever these are half a million.
 */
const SORTED_ROWS = 16 * 122_880;

/** The column that says of which period a row's file is. */
const PERIOD = 'period_of';

export interface Staging {
  readonly directory: string;
  readonly batchId: string;
  /** When the batch began (Unix ms). */
  readonly now: number;
}

/** Which rows of before go. */
export interface Replaced {
  /** Whether a file may hold any of them; all others are kept as they are. */
  readonly isIn: (file: StoredFile) => boolean;
  /** A condition on the table's columns that is true for them. */
  readonly where: string;
}

/** A table to be written. */
export interface Rows {
  readonly name: string;
  /** The bound table that holds its new rows. */
  readonly rows: string;
  /** A select of them with `BUCKET`, where they lie by buckets already. */
  readonly byBuckets?: string | undefined;
  /** The column whose buckets its files are of; null for a table that is one file, and replaced whole. */
  readonly partition: string | null;
  /** Undefined when nothing of before is kept. */
  readonly previous?: StoredTable | undefined;
  readonly replaced: Replaced;
}

/** Moves a written file to its final name, which no batch before had, and makes it durable. */
export async function settle(from: string, directory: string, to: string): Promise<void> {
  await syncPath(from);
  await mkdir(path.dirname(path.join(directory, to)), { recursive: true });
  await rename(from, path.join(directory, to));
}

/** Where a batch writes what is not yet in its place. */
export const folderOf = ({ directory, batchId }: Staging, name: string): string =>
  path.join(directory, 'staging', batchId, name);

async function writeWhole(database: Database, staging: Staging, table: string, select: string): Promise<StoredFile> {
  const [file] = await copyTo(database, select, folderOf(staging, `${table}.parquet`));
  if (file === undefined) throw new Error(`${table}: nothing was written`);
  const to = `${table}/${staging.batchId}.parquet`;
  await settle(file.path, staging.directory, to);
  return { path: to, bucket: null, period: null, rows: file.rows };
}

async function writeParts(
  database: Database,
  staging: Staging,
  { name, folder }: { readonly name: string; readonly folder: string },
  select: string,
): Promise<readonly StoredFile[]> {
  const written = await copyTo(database, select, folderOf(staging, folder), { by: [BUCKET, PERIOD] });
  const files: StoredFile[] = [];
  for (const { path: from, rows, values } of written) {
    const { [BUCKET]: place = NOBODY, [PERIOD]: period = null } = values;
    const bucket = place === NOBODY ? null : place;
    const part = path.parse(from).name;
    const suffix = part === 'data_0' ? '' : `-${part}`;
    const to = `${name}/${place ?? NOBODY}/${period ?? 'all'}-${staging.batchId}${suffix}.parquet`;
    await settle(from, staging.directory, to);
    files.push({ path: to, bucket, period, rows });
  }
  return files;
}

/** Makes the names of new files durable, each directory once. */
export async function syncDirectories(directory: string, files: readonly { readonly path: string }[]): Promise<void> {
  const folders = new Set(files.flatMap((file) => [path.dirname(file.path), path.dirname(path.dirname(file.path))]));
  for (const folder of folders) await syncPath(path.join(directory, folder));
}

/**
 * Writes the rows of a table as Parquet (zstd), files by bucket and period, and answers its entry in the manifest: the new files, which
 * hold the rows of before that stay beside the new ones, and those of `previous` no row of which goes or comes.
 */
export async function stageTable(database: Database, staging: Staging, table: Rows): Promise<StoredTable> {
  const { name, partition, previous, replaced } = table;
  const columns = await columnsOf(database, table.rows);
  const names = columns.map((column) => column.name);
  const listed = names.map(identifier).join(', ');
  const whole = async (): Promise<StoredTable> => {
    const file = await writeWhole(database, staging, name, `select ${listed} from ${identifier(table.rows)}`);
    await syncDirectories(staging.directory, [file]);
    return { partition: null, columns: [...columns], files: [file] };
  };
  if (partition === null) return whole();
  const since = fineSince(staging.now);
  const period = periodOf(names, partition, since) ?? 'cast(null as varchar)';
  const cells = `${listed}, ${BUCKET}, ${period} as ${PERIOD}`;
  const fresh = `select ${cells} from (${table.byBuckets ?? placedSql(partition, `select * from ${identifier(table.rows)}`)}) f`;
  const before = (previous?.files ?? []).filter(({ rows }) => rows > 0);
  const places: Places =
    before.length === 0 ? () => false : await placesOf(database, `from ${identifier(table.rows)}`, partition, period);
  const touched = before.filter((file) => places(file) || replaced.isIn(file));
  const buckets = new Set(touched.map(({ bucket }) => bucket));
  const rewritten = new Set([
    ...touched,
    ...before.filter((file) => buckets.has(file.bucket) && isOutgrown(file, since)),
  ]);
  const staying = (some: readonly StoredFile[]): string =>
    previous === undefined || some.length === 0
      ? ''
      : ` union all select ${cells} from (${placedSql(partition, filesSql(staging.directory, previous, some))}) b where not (${replaced.where})`;
  const kept = [...rewritten];
  const rows = kept.reduce((sum, file) => sum + file.rows, 0) + (await countRows(database, fresh));
  const written: StoredFile[] = [];
  if (rows < SORTED_ROWS)
    written.push(...(await writeParts(database, staging, { name, folder: name }, `${fresh}${staying(kept)}`)));
  else {
    const order = [PERIOD, partition, dayOf(names) ?? []].flat().map(identifier).join(', ');
    for (const bucket of BUCKETS) {
      const those = `select * from (${fresh}) f where ${BUCKET} = '${bucket}'`;
      const others = staying(kept.filter((file) => (file.bucket ?? NOBODY) === bucket));
      const select = `select * from (${those}${others}) s order by ${order}`;
      written.push(...(await writeParts(database, staging, { name, folder: path.join(name, bucket) }, select)));
    }
  }
  const files = [...before.filter((file) => !rewritten.has(file)), ...written];
  // Readers of plain files need one to know the columns by, also while there is nothing to read.
  if (files.length === 0) return whole();
  await syncDirectories(staging.directory, written);
  return { partition, columns: [...columns], files };
}
