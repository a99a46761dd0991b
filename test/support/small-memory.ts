import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Place } from '../../ports/engine/small/place.ts';
import { pointersAside, storageAside } from '../../ports/iceberg/aside.ts';
import { createCatalog } from '../../ports/iceberg/catalog.ts';
import type { Pointers, Storage } from '../../ports/iceberg/storage.ts';
import { PortError } from '../../ports/errors.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';
import { createMemoryObjects } from '../../ports/objects/memory.ts';
import { keepingBus, smallOver } from './small.ts';

const keyed = (key: string): string => `s3://lake/${key}`;

/** What a process is that has ended: nothing it still asks for happens. */
class Ended extends Error {}

/** The small engine over a lake in memory, whose every call can be the one at which the process ends. */
export function openSmallMemory({ clock, models }: { readonly clock: Clock; readonly models: string }) {
  const files = new Map<string, { readonly bytes: Uint8Array; readonly writtenAt: number }>();
  const pointed = new Map<string, string>();
  const { bus, events } = keepingBus();
  let calls = 0;
  let endsAt = Number.POSITIVE_INFINITY;

  /** Counts the calls that change something, and lets none happen any more from the one the process ends at. */
  function step(): void {
    calls += 1;
    if (calls >= endsAt) throw new Ended(`ended at call ${endsAt}`);
  }

  const at = (address: string): Uint8Array => {
    const found = files.get(address);
    if (found === undefined) throw new PortError('storage_failed', `There is no ${address}.`);
    return found.bytes;
  };
  const keep = (address: string, bytes: Uint8Array): void => {
    step();
    files.set(address, { bytes, writtenAt: clock.now() });
  };
  const storage: Storage = {
    read: async (address) => at(address),
    write: async (address, bytes) => keep(address, bytes),
    async *list(start) {
      for (const [address, { writtenAt }] of files) if (address.startsWith(start)) yield { address, writtenAt };
    },
    async remove(addresses) {
      step();
      for (const address of addresses) files.delete(address);
    },
  };
  const pointers: Pointers = {
    names: async () => [...pointed.keys()].toSorted(),
    find: async (name) => pointed.get(name),
    async create(name, { address }) {
      step();
      if (pointed.has(name)) return false;
      pointed.set(name, address);
      return true;
    },
    async turn(name, from, { address }) {
      step();
      if (pointed.get(name) !== from) throw new PortError('commit_conflict', `${name} has moved.`);
      pointed.set(name, address);
    },
  };
  const place: Place = {
    list: async (prefix) =>
      [...files.keys()]
        .filter((one) => one.startsWith(keyed(prefix)))
        .map((one) => one.slice(keyed('').length))
        .toSorted(),
    async read(key) {
      const found = files.get(keyed(key));
      return found === undefined ? undefined : Buffer.from(found.bytes).toString();
    },
    write: async (key, text) => keep(keyed(key), Buffer.from(text)),
    async stream(key) {
      const found = files.get(keyed(key));
      return found === undefined ? undefined : Readable.from([found.bytes]);
    },
    put: async (from, key) => keep(keyed(key), await readFile(from)),
    async remove(key) {
      step();
      files.delete(keyed(key));
    },
    fetch: async (address, to) => writeFile(to, at(address)),
    send: async (from, address) => keep(address, await readFile(from)),
  };
  const common = { place: 's3://lake/tables', clock, ids: createSeededIds('files') };
  const catalog = createCatalog({ ...common, storage, pointers });
  const hasty = {
    async publish(some: Parameters<typeof bus.publish>[0]) {
      step();
      return bus.publish(some);
    },
  };
  const small = smallOver({
    objects: createMemoryObjects(),
    catalog,
    aside: () => createCatalog({ ...common, storage: storageAside(storage), pointers: pointersAside(pointers) }),
    place,
    bus: hasty,
    clock,
    modelsDirectory: models,
  });
  return {
    ...small,
    events,
    /** Calls that changed something, or tried to. */
    calls: () => calls,
    /** The process ends at its n-th call from now on; without a number it goes on for good. */
    endAt(n = Number.POSITIVE_INFINITY): void {
      endsAt = calls + n;
    },
    /** Keeps the lake as it is; the answer puts it back. */
    keepState(): () => void {
      const [before, tables, told] = [new Map(files), new Map(pointed), events.length];
      return () => {
        files.clear();
        pointed.clear();
        for (const [address, file] of before) files.set(address, file);
        for (const [name, address] of tables) pointed.set(name, address);
        events.splice(told);
      };
    },
    /** Every address there is. */
    addresses: () => [...files.keys()].toSorted(),
  };
}
