import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { PortError } from '../../errors.ts';
import { columnsOf, type Database } from './database.ts';
import { syncPath, type StoredFile, type StoredTable } from './manifest.ts';
import { identifier, literal } from './sql.ts';

/** Directory name of rows without a partition value: the one every Parquet reader takes as null. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';

export interface Staging {
  readonly directory: string;
  readonly batchId: string;
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
  return { path: to, partition: null, rows };
}

async function writePartitions(
  database: Database,
  staging: Staging,
  table: string,
  select: string,
  partition: string,
): Promise<readonly StoredFile[]> {
  const folder = path.join(staging.directory, 'staging', staging.batchId, table);
  await mkdir(folder, { recursive: true });
  await database.run(
    `copy (${select}) to ${literal(folder)}
     (format parquet, compression zstd, partition_by (${identifier(partition)}), write_partition_columns true)`,
  );
  const files: StoredFile[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    const value = decodeURIComponent(name.slice(name.indexOf('=') + 1));
    const parts = (await readdir(path.join(folder, name))).toSorted();
    for (const [index, part] of parts.entries()) {
      const from = path.join(folder, name, part);
      const to = `${table}/${name}/${staging.batchId}${index === 0 ? '' : `-${index}`}.parquet`;
      const rows = await countRows(database, from);
      await settle(from, staging.directory, to);
      files.push({ path: to, partition: value === NO_VALUE ? null : value, rows });
    }
  }
  return files;
}

/** Makes the names of new files durable, each directory once. */
export async function syncDirectories(directory: string, files: readonly { readonly path: string }[]): Promise<void> {
  const folders = new Set(files.flatMap((file) => [path.dirname(file.path), path.dirname(path.dirname(file.path))]));
  for (const folder of folders) await syncPath(path.join(directory, folder));
}

/**
 * Writes the rows of a table as Parquet (zstd), a directory a partition, and answers its entry in the manifest:
 * the new files, and those of `previous` whose partition is not replaced. Rows outside the replaced partitions: `out_of_scope`.
 */
export async function stageTable(
  database: Database,
  staging: Staging,
  table: {
    readonly name: string;
    /** The bound table that holds the rows. */
    readonly rows: string;
    readonly partition: string | null;
    /** Undefined when nothing of before is kept. */
    readonly previous: StoredTable | undefined;
    /** The partitions these rows replace. */
    readonly replaced: ReadonlySet<string>;
  },
): Promise<StoredTable> {
  const columns = await columnsOf(database, table.rows);
  const names = columns.map(({ name }) => identifier(name)).join(', ');
  const select = `select ${names} from ${identifier(table.rows)}`;
  if (table.partition === null) {
    const file = await writeWhole(database, staging, table.name, select);
    await syncDirectories(staging.directory, [file]);
    return { partition: null, columns: [...columns], files: [file] };
  }
  const written = await writePartitions(database, staging, table.name, select, table.partition);
  const isReplaced = (file: StoredFile): boolean => table.replaced.has(file.partition ?? '');
  if (!written.every(isReplaced)) {
    throw new PortError('out_of_scope', `${table.name} has rows of a ${table.partition} this batch is not about`);
  }
  const kept = (table.previous?.files ?? []).filter((file) => file.rows > 0 && !isReplaced(file));
  const files = [...kept, ...written];
  // Readers of plain files need one to know the columns by, also while there is nothing to read.
  if (files.length === 0) {
    const empty = await writeWhole(database, staging, table.name, select);
    await syncDirectories(staging.directory, [empty]);
    return { partition: null, columns: [...columns], files: [empty] };
  }
  await syncDirectories(staging.directory, written);
  return { partition: table.partition, columns: [...columns], files };
}
