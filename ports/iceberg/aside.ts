import { PortError } from '../errors.ts';
import type { Pointers, Storage } from './storage.ts';

/** The same files, of which nothing is written or removed: what is written is kept in memory, and seen by whoever holds this alone. */
export function storageAside(storage: Storage): Storage {
  const written = new Map<string, Uint8Array>();
  return {
    read: async (address) => written.get(address) ?? storage.read(address),
    async write(address, bytes) {
      written.set(address, bytes);
    },
    list: (start) => storage.list(start),
    async remove(addresses) {
      for (const address of addresses) written.delete(address);
    },
  };
}

/** The same pointers, none of which is turned: where one is to point is kept in memory. */
export function pointersAside(pointers: Pointers): Pointers {
  const turned = new Map<string, string>();
  const find = async (name: string): Promise<string | undefined> => turned.get(name) ?? pointers.find(name);
  return {
    find,
    names: async () => [...new Set([...(await pointers.names()), ...turned.keys()])].toSorted(),
    async create(name, { address }) {
      if ((await find(name)) !== undefined) return false;
      turned.set(name, address);
      return true;
    },
    async turn(name, from, { address }) {
      if ((await find(name)) !== from) throw new PortError('commit_conflict', `${name} has moved.`);
      turned.set(name, address);
    },
  };
}
