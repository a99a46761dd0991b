import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { bucketSql } from './buckets.ts';
import { columnsOf, type Database } from './database.ts';
import { dayOf, monthOf } from './days.ts';
import { syncPath, type StoredFile, type StoredTable } from './manifest.ts';
import { filesSql } from './source.ts';
import { identifier, literal } from './sql.ts';

/** The folder of rows without a value, as DuckDB names it. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';

export interface Staging {
  readonly directory: string;
  readonly batchId: string;
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

/** Rows of a Parquet file. */
export async function countRows(database: Database, file: string): Promise<number> {
  const [row] = await database.rows(`select num_rows as n from parquet_file_metadata(${literal(file)})`);
  return Number(row?.['n'] ?? 0);
}

/** Moves a written file to its final name, which no batch before had, and makes it durable. */
export async function settle(from: string, directory: string, to: string): Promise<void> {
  await syncPath(from);
  await mkdir(path.dirname(path.join(directory, to)), { recursive: true });
  await rename(from, path.join(directory, to));
}

async function writeWhole(database: Database, staging: Staging, table: string, select: string): Promise<StoredFile> {
  const temporary = path.join(staging.directory, 'staging', staging.batchId, `${table}.parquet`);
  await mkdir(path.dirname(temporary), { recursive: true });
  await database.run(`copy (${select}) to ${literal(temporary)} (format parquet, compression zstd)`);
  const to = `${table}/${staging.batchId}.parquet`;
  const rows = await countRows(database, temporary);
  await settle(temporary, staging.directory, to);
  return { path: to, bucket: null, month: null, rows };
}

/** The value a folder of DuckDB's stands for. */
function valueOf(folder: string): string | null {
  const value = folder.slice(folder.indexOf('=') + 1);
  return value === NO_VALUE ? null : value;
}

async function writeParts(
  database: Database,
  staging: Staging,
  { name, partition, order }: { readonly name: string; readonly partition: string; readonly order: string },
  select: string,
): Promise<readonly StoredFile[]> {
  const folder = path.join(staging.directory, 'staging', staging.batchId, name);
  await mkdir(folder, { recursive: true });
  await database.run(
    `copy (select * from (${select}) s order by ${identifier(partition)}${order}) to ${literal(folder)}
     (format parquet, compression zstd, partition_by (bucket_of, month_of))`,
  );
  const files: StoredFile[] = [];
  for (const inBucket of (await readdir(folder)).toSorted()) {
    for (const inMonth of (await readdir(path.join(folder, inBucket))).toSorted()) {
      const bucket = valueOf(inBucket);
      const month = valueOf(inMonth);
      const parts = (await readdir(path.join(folder, inBucket, inMonth))).toSorted();
      for (const [index, part] of parts.entries()) {
        const from = path.join(folder, inBucket, inMonth, part);
        const to = `${name}/${bucket ?? 'nobody'}/${month ?? 'all'}-${staging.batchId}${index === 0 ? '' : `-${index}`}.parquet`;
        const rows = await countRows(database, from);
        await settle(from, staging.directory, to);
        files.push({ path: to, bucket, month, rows });
      }
    }
  }
  return files;
}

/** Makes the names of new files durable, each directory once. */
export async function syncDirectories(directory: string, files: readonly { readonly path: string }[]): Promise<void> {
  const folders = new Set(files.flatMap((file) => [path.dirname(file.path), path.dirname(path.dirname(file.path))]));
  for (const folder of folders) await syncPath(path.join(directory, folder));
}

/** Where new rows come to lie: their files of before are written anew with them, else files would only ever become more. */
async function placesOf(database: Database, select: string): Promise<ReadonlySet<string>> {
  const found = await database.rows(`select distinct bucket_of, month_of from (${select}) s`);
  return new Set(found.map(({ bucket_of: bucket, month_of: month }) => `${String(bucket)} ${String(month)}`));
}

/**
 * Writes the rows of a table as Parquet (zstd), files by bucket and month, and answers its entry in the manifest: the new files, which
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
  const month = monthOf(names, partition) ?? 'cast(null as varchar)';
  const cells = `${listed}, ${bucketSql(partition)} as bucket_of, ${month} as month_of`;
  const fresh = `select ${cells} from ${identifier(table.rows)}`;
  const places = await placesOf(database, fresh);
  const isRewritten = (file: StoredFile): boolean =>
    places.has(`${String(file.bucket)} ${String(file.month)}`) || replaced.isIn(file);
  const before = (previous?.files ?? []).filter(({ rows }) => rows > 0);
  const rewritten = before.filter(isRewritten);
  const staying =
    previous === undefined || rewritten.length === 0
      ? ''
      : ` union all select ${cells} from (${filesSql(staging.directory, previous, rewritten)}) b where not (${replaced.where})`;
  const day = dayOf(names);
  const order = day === null ? '' : `, ${identifier(day)}`;
  const written = await writeParts(database, staging, { name, partition, order }, `${fresh}${staying}`);
  const files = [...before.filter((file) => !isRewritten(file)), ...written];
  // Readers of plain files need one to know the columns by, also while there is nothing to read.
  if (files.length === 0) return whole();
  await syncDirectories(staging.directory, written);
  return { partition, columns: [...columns], files };
}
