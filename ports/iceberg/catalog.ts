import { gunzipSync } from 'node:zlib';
import type { Clock } from '../clock/clock.ts';
import { PortError } from '../errors.ts';
import type { Ids } from '../ids/ids.ts';
import { printJson } from './bigints.ts';
import { metadataOf } from './born.ts';
import { columnsOf, withColumns } from './columns.ts';
import { expiredIn, without } from './expire.ts';
import type { IcebergCatalog, IcebergTable, TableShape } from './iceberg.ts';
import { dataFileOf, liveEntries, liveManifests } from './live.ts';
import { readManifests } from './manifests.ts';
import { currentSchema, currentSnapshot, readMetadata } from './metadata.ts';
import { snapshotId, uuid } from './names.ts';
import { folderOf, partitionOf } from './partition.ts';
import { addressOf, type Loaded, publish } from './publish.ts';
import { reachOf } from './reach.ts';
import { snapshotOf } from './snapshot.ts';
import type { Pointers, Storage } from './storage.ts';

export interface CatalogOptions {
  /** Where new tables lie, each in a folder of its name: `s3://bucket/prefix`, without a slash at the end. */
  readonly place: string;
  readonly storage: Storage;
  readonly pointers: Pointers;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Iceberg tables over any storage and any pointers (docs/decisions/024-iceberg-by-ourselves.md). */
export function createCatalog({ place, storage, pointers, clock, ids }: CatalogOptions): IcebergCatalog {
  const loaded = new WeakMap<IcebergTable, Loaded>();
  const unique = () => uuid(ids);
  const tools = { storage, pointers, unique };

  function told(state: Loaded): IcebergTable {
    const { name, metadata } = state;
    const { fields } = currentSchema(metadata);
    const table = {
      name,
      location: metadata.location.replace(/\/+$/, ''),
      columns: columnsOf(name, fields),
      partition: partitionOf(metadata, fields),
      snapshotId: currentSnapshot(metadata)?.['snapshot-id'].toString() ?? null,
    };
    loaded.set(table, state);
    return table;
  }

  function stateOf(table: IcebergTable): Loaded {
    const state = loaded.get(table);
    if (state !== undefined) return state;
    throw new PortError('table_not_loaded', `The table ${table.name} is none this catalog has loaded.`, {
      remedy: 'Hand over what load, create or commit answered.',
    });
  }

  async function read(name: string): Promise<Loaded | undefined> {
    const address = await pointers.find(name);
    if (address === undefined) return undefined;
    const bytes = await storage.read(address);
    // Some writers compress it (write.metadata.compression-codec).
    const text = Buffer.from(address.endsWith('.gz.metadata.json') ? gunzipSync(bytes) : bytes).toString();
    return { name, address, metadata: readMetadata(text) };
  }

  async function create(shape: TableShape): Promise<IcebergTable> {
    const there = await read(shape.name);
    if (there === undefined) return make(shape);
    const metadata = withColumns(there.metadata, shape);
    return told(metadata === there.metadata ? there : await publish(there, metadata, tools));
  }

  async function make(shape: TableShape): Promise<IcebergTable> {
    const { name } = shape;
    const location = `${place}/${name}`;
    const metadata = metadataOf(shape, { uuid: unique(), location, now: clock.now() });
    const address = addressOf(location, 0, unique());
    await storage.write(address, Buffer.from(printJson(metadata)));
    // Where another writer was quicker, theirs is as good.
    return (await pointers.create(name, { address, metadata })) ? told({ name, address, metadata }) : create(shape);
  }

  return {
    names: () => pointers.names(),
    async load(name) {
      const state = await read(name);
      return state === undefined ? undefined : told(state);
    },
    create,
    async files(table, partitions) {
      const { name, metadata } = stateOf(table);
      const manifests = liveManifests(name, metadata, await readManifests(storage, currentSnapshot(metadata)));
      const found = await liveEntries(storage, manifests, partitions);
      const files = found.flatMap(({ entries }) => entries.map(dataFileOf));
      return files.filter(({ partition }) => partitions === undefined || partitions.has(partition));
    },
    place({ location, partition: by }, partition) {
      const folder = by === null ? '' : `${folderOf(by, partition)}/`;
      return `${location}/data/${folder}${unique()}.parquet`;
    },
    async commit(table, change) {
      if (change.removed.length + change.added.length === 0) return table;
      const state = stateOf(table);
      const making = { storage, unique, now: clock.now(), id: snapshotId(ids) };
      return told(await publish(state, await snapshotOf(state.name, state.metadata, change, making), tools));
    },
    async expire(table, before) {
      const state = stateOf(table);
      const expired = expiredIn(state.metadata, before);
      if (expired.length === 0) return 0;
      const metadata = without(state.metadata, expired, clock.now());
      // Looked up before anything is forgotten: afterwards nothing names them.
      const theirs = await reachOf(storage, state.metadata, expired);
      const needed = await reachOf(storage, state.metadata, metadata.snapshots);
      await publish(state, metadata, tools);
      const gone = [...theirs].filter((address) => !needed.has(address));
      await storage.remove(gone);
      return gone.length;
    },
    async sweep(table, before) {
      const old: string[] = [];
      for await (const { address, writtenAt } of storage.list(`${table.location}/`)) {
        if (writtenAt < before) old.push(address);
      }
      // Read behind the list: what was committed meanwhile is named.
      const state = await read(table.name);
      if (state === undefined) return 0;
      const { address, metadata } = state;
      const needed = await reachOf(storage, metadata, metadata.snapshots);
      const log = metadata['metadata-log'].map((one) => one['metadata-file']);
      const named = new Set([...needed, ...log, address].map(keyed));
      const left = old.filter((one) => !named.has(keyed(one)));
      await storage.remove(left);
      return left.length;
    },
  };
}

/** One file, whichever of its schemes an address has. */
function keyed(address: string): string {
  return address.replace(/^s3[an]:/, 's3:');
}
