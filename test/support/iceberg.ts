import { CreateDatabaseCommand, GetTablesCommand, GlueClient } from '@aws-sdk/client-glue';
import { type AwsConnection, clientSettings } from '../../ports/aws.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import { createSystemClock } from '../../ports/clock/system.ts';
import { PortError } from '../../ports/errors.ts';
import { printJson } from '../../ports/iceberg/bigints.ts';
import { createCatalog } from '../../ports/iceberg/catalog.ts';
import { createGluePointers } from '../../ports/iceberg/glue-pointers.ts';
import type { DataFile, IcebergCatalog, IcebergTable, TableShape } from '../../ports/iceberg/iceberg.ts';
import { readManifests } from '../../ports/iceberg/manifests.ts';
import { currentSnapshot, type Metadata, readMetadata } from '../../ports/iceberg/metadata.ts';
import { createS3Storage } from '../../ports/iceberg/s3.ts';
import type { Pointers, Storage } from '../../ports/iceberg/storage.ts';
import { createRandomIds } from '../../ports/ids/random.ts';
import { makeBucket, nameOf } from './aws-made.ts';

export const DAYS: TableShape = { name: 'days', columns: { user_id: 'text', local_date: 'date', value: 'double' } };
export const PEOPLE: TableShape = { name: 'people', columns: { user_id: 'text', n: 'bigint' }, partition: 'user_id' };
export const PLAIN: TableShape = { name: 'plain', columns: { id: 'text', at: 'timestamp' } };

/** A catalog over some storage and pointers, and a look behind it. */
export function lakeOver(parts: {
  readonly bucket: string;
  readonly storage: Storage;
  readonly pointers: Pointers;
  readonly clock: Clock;
}) {
  const { bucket, storage, pointers, clock } = parts;
  /** A catalog of another writer, whose storage or pointers may be changed for the test. */
  const other = (changed: { readonly storage?: Storage; readonly pointers?: Pointers; readonly clock?: Clock } = {}) =>
    createCatalog({ place: `s3://${bucket}/tables`, storage, pointers, clock, ids: createRandomIds(), ...changed });
  const address = async (name: string): Promise<string> => (await pointers.find(name)) ?? '';
  const text = async (at: string): Promise<string> => Buffer.from(await storage.read(at)).toString();
  const metadata = async (name: string): Promise<Metadata> => readMetadata(await text(await address(name)));
  const put = (at: string, body: Uint8Array | string) => storage.write(at, Buffer.from(body));
  return {
    bucket,
    storage,
    pointers,
    other,
    address,
    text,
    metadata,
    put,
    catalog: other(),
    /** The addresses of the manifests of the current snapshot. */
    async manifests(name: string): Promise<readonly string[]> {
      const found = await readManifests(storage, currentSnapshot(await metadata(name)));
      return found.map((one) => one.manifest_path);
    },
    /** Changes a table's metadata behind everybody's back, as another writer might have made it. */
    async edit(name: string, change: (before: Metadata) => object): Promise<void> {
      await put(await address(name), printJson(change(await metadata(name))));
    },
    /** The addresses of all files below one. */
    async addresses(below = 'tables/'): Promise<readonly string[]> {
      const found: string[] = [];
      for await (const file of storage.list(`s3://${bucket}/${below}`)) found.push(file.address);
      return found;
    },
  };
}

export type Iceberg = ReturnType<typeof lakeOver>;

/** A bucket, a database and a catalog of both, all of the running test's own. */
export async function openIceberg(connection: AwsConnection, clock: Clock = createSystemClock()) {
  const glue = new GlueClient(clientSettings(connection));
  const bucket = await makeBucket(connection, { versioned: false });
  const database = nameOf('lake').replaceAll('-', '_');
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
  const storage = createS3Storage(connection);
  const pointers = createGluePointers({ database, connection });
  return {
    ...lakeOver({ bucket, storage, pointers, clock }),
    database,
    glue,
    /** What the catalog shows of each table: its columns and the names of its parameters. */
    async entries(): Promise<Readonly<Record<string, unknown>>> {
      const { TableList = [] } = await glue.send(new GetTablesCommand({ DatabaseName: database }));
      return Object.fromEntries(
        TableList.map(({ Name = '', TableType, StorageDescriptor, Parameters }) => {
          const columns = StorageDescriptor?.Columns;
          return [Name, { TableType, columns, parameters: Object.keys(Parameters ?? {}).toSorted() }];
        }),
      );
    },
  };
}

/** The same without AWS: files and pointers in memory, written at the clock's time. */
export function openMemory(clock: Clock) {
  const files = new Map<string, { readonly bytes: Uint8Array; readonly writtenAt: number }>();
  const pointed = new Map<string, string>();
  const storage: Storage = {
    async read(address) {
      const file = files.get(address);
      if (file === undefined) throw new PortError('storage_failed', 'There is no such file.');
      return file.bytes;
    },
    write: async (address, bytes) => void files.set(address, { bytes, writtenAt: clock.now() }),
    async *list(start) {
      for (const [address, { writtenAt }] of files) if (address.startsWith(start)) yield { address, writtenAt };
    },
    remove: async (addresses) => addresses.forEach((one) => void files.delete(one)),
  };
  const pointers: Pointers = {
    names: async () => [...pointed.keys()],
    find: async (name) => pointed.get(name),
    async create(name, { address }) {
      const isFirst = !pointed.has(name);
      if (isFirst) pointed.set(name, address);
      return isFirst;
    },
    async turn(name, from, { address }) {
      if (pointed.get(name) !== from) throw new PortError('commit_conflict', 'Another writer was first.');
      pointed.set(name, address);
    },
  };
  return lakeOver({ bucket: 'memory', storage, pointers, clock });
}

/** A file for a commit whose rows nobody reads: there is something at its address, and that is all. */
export async function fileAt(
  { put }: Pick<Iceberg, 'put'>,
  catalog: IcebergCatalog,
  table: IcebergTable,
  partition: number | null,
  rows = 10,
): Promise<DataFile> {
  const path = catalog.place(table, partition);
  await put(path, 'rows');
  return { path, partition, rows, bytes: 100 };
}

/** The addresses of a table's live files, as somebody sees them who loads it now. */
export async function seen(catalog: IcebergCatalog, name: string): Promise<readonly string[]> {
  const table = await catalog.load(name);
  return table === undefined ? [] : (await catalog.files(table)).map(({ path }) => path).toSorted();
}

/** The table as it is now; an error when there is none. */
export async function loadedOf(catalog: IcebergCatalog, name: string): Promise<IcebergTable> {
  const table = await catalog.load(name);
  if (table === undefined) throw new Error(`There is no table ${name}.`);
  return table;
}
