import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import type { Place } from './place.ts';

const nothing = (): Promise<void> => Promise.resolve();

/** The same lake, of which nothing is written or removed: data files sent to it stay below a directory of this machine. */
export function placeAside(place: Place, directory: string): Place {
  const sent = new Map<string, string>();
  return {
    list: (prefix) => place.list(prefix),
    read: (key) => place.read(key),
    write: nothing,
    stream: (key) => place.stream(key),
    put: nothing,
    remove: nothing,
    async fetch(address, to) {
      const here = sent.get(address);
      if (here === undefined) await place.fetch(address, to);
      else await copyFile(here, to);
    },
    async send(from, address) {
      const here = path.join(directory, `aside-${sent.size}.parquet`);
      // Noted before it is there: those sent at once have a name each.
      sent.set(address, here);
      await copyFile(from, here);
    },
  };
}
