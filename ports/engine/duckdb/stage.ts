import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { bucketSql } from './buckets.ts';
import { copyTo } from './copy.ts';
import { columnsOf, countRows, type Database } from './database.ts';
import { dayOf, periodOf } from './days.ts';
import { syncPath, type StoredFile, type StoredTable } from './manifest.ts';
import { fineSince, isOutgrown, placesOf, type Places } from './periods.ts';
import { filesSql } from './source.ts';
import { identifier } from './sql.ts';

/**
 * Rows from which on files are sorted by person and day, so that of a file with many groups of rows few are read: below, the sixteen buckets
 * have but one group each (122,880 rows), and sorting is a third of the work.
 */
const SORTED_ROWS = 16 * 122_880;

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
  /** The column whose buckets its files are of; null for a table that is one file, and replaced whole. */
  readonly partition: string | null;
  /** Undefined when nothing of before is kept. */
  readonly previous: StoredTable | undefined;
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
  { name, order }: { readonly name: string; readonly order: readonly string[] },
  select: string,
): Promise<readonly StoredFile[]> {
  const by = order.length === 0 ? '' : ` order by ${order.map(identifier).join(', ')}`;
  const ordered = `select * from (${select}) s${by}`;
  const written = await copyTo(database, ordered, folderOf(staging, name), { by: ['bucket_of', 'period_of'] });
  const files: StoredFile[] = [];
  for (const { path: from, rows, values } of written) {
    const { bucket_of: bucket = null, period_of: period = null } = values;
    const part = path.parse(from).name;
    const suffix = part === 'data_0' ? '' : `-${part}`;
    const to = `${name}/${bucket ?? 'nobody'}/${period ?? 'all'}-${staging.batchId}${suffix}.parquet`;
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
  const cells = `${listed}, ${bucketSql(partition)} as bucket_of, ${period} as period_of`;
  const fresh = `select ${cells} from ${identifier(table.rows)}`;
  const before = (previous?.files ?? []).filter(({ rows }) => rows > 0);
  const places: Places =
    before.length === 0 ? () => false : await placesOf(database, `from ${identifier(table.rows)}`, partition, period);
  const touched = before.filter((file) => places(file) || replaced.isIn(file));
  const buckets = new Set(touched.map(({ bucket }) => bucket));
  const rewritten = new Set([
    ...touched,
    ...before.filter((file) => buckets.has(file.bucket) && isOutgrown(file, since)),
  ]);
  const staying =
    previous === undefined || rewritten.size === 0
      ? ''
      : ` union all select ${cells} from (${filesSql(staging.directory, previous, [...rewritten])}) b where not (${replaced.where})`;
  const kept = [...rewritten].reduce((sum, { rows }) => sum + rows, 0);
  const rows = kept + (await countRows(database, fresh));
  const order = rows < SORTED_ROWS ? [] : [partition, dayOf(names) ?? []].flat();
  const written = await writeParts(database, staging, { name, order }, `${fresh}${staying}`);
  const files = [...before.filter((file) => !rewritten.has(file)), ...written];
  // Readers of plain files need one to know the columns by, also while there is nothing to read.
  if (files.length === 0) return whole();
  await syncDirectories(staging.directory, written);
  return { partition, columns: [...columns], files };
}
