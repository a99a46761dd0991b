import path from 'node:path';
import type { IcebergCatalog } from '../../iceberg/iceberg.ts';
import type { Held } from './held.ts';
import type { Layout } from './layout.ts';
import type { Place } from './place.ts';

const AT_ONCE = 16;

/** Does something for each, some at a time, and answers in their order. */
export async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return done;
}

/** The tables of the stack with copies of their files below a directory of this machine. */
export interface Lake {
  readonly catalog: IcebergCatalog;
  readonly place: Place;
  /** A path nobody has used for a new local file. */
  fresh(): string;
  /** Makes the table where there is none, adds the columns it lacks, and copies its files. */
  hold(layout: Layout): Promise<Held>;
}

/** `scratch` is an empty directory; a file is copied once, whatever holds it again. */
export function openLake(catalog: IcebergCatalog, place: Place, scratch: string): Lake {
  const copies = new Map<string, string>();
  let made = 0;
  const fresh = (): string => path.join(scratch, `${(made += 1)}.parquet`);

  async function copyOf(address: string): Promise<string> {
    const there = copies.get(address);
    if (there !== undefined) return there;
    const local = fresh();
    await place.fetch(address, local);
    copies.set(address, local);
    return local;
  }

  return {
    catalog,
    place,
    fresh,
    async hold(layout) {
      const table = await catalog.create(layout);
      const files = await catalog.files(table);
      return {
        layout,
        table,
        files: await eachOf(files, async (file) => ({ ...file, local: await copyOf(file.path) })),
      };
    },
  };
}
