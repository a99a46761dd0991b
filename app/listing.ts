import type { RawInput } from '../ports/engine/engine.ts';
import type { ListedObject } from '../ports/objects/objects.ts';
import { utcDate } from './keys.ts';
import type { Runtime } from './runtime.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const READ_AT_ONCE = 32;
/** What one batch holds in memory at most; the rest is the next batch's. */
const MOST_OBJECTS = 20_000;
const MOST_BYTES = 256 * 1024 * 1024;

type Reading = Pick<Runtime, 'objects' | 'engine' | 'state' | 'clock'>;

/** When all dates of raw were last looked through, Unix ms. */
interface FullListing {
  readonly at: number;
}

const isFullDue = async ({ state, clock }: Reading): Promise<boolean> => {
  const last = await state.get<FullListing>('batch', 'full-listing');
  return last === undefined || clock.now() - last.value.at >= 7 * DAY_MS;
};

/** Objects to take in, and whether all dates were looked through to find them. */
export interface Listing {
  readonly objects: readonly ListedObject[];
  readonly full: boolean;
  /** Whether something of it lies before the dates that are looked through each time. */
  readonly hasOld: boolean;
  /** When it was begun, Unix ms. */
  readonly at: number;
}

/**
 * Raw objects no finished batch took in, in order of their keys. Only dates since the day before the last batch are looked
 * through, all of them when `all` says so, the first time, and once a week (a clock that stepped, a restore).
 */
export async function listNew(runtime: Reading, all: boolean): Promise<Listing> {
  const { objects, engine, clock } = runtime;
  const at = clock.now();
  const finished = await engine.lastFinished();
  const full = all || finished === undefined || (await isFullDue(runtime));
  const usual = finished === undefined ? undefined : utcDate(finished - DAY_MS);
  const from = full ? undefined : usual;
  const known = await engine.known(from);
  const found: ListedObject[] = [];
  for await (const object of objects.list('raw/', from === undefined ? {} : { after: `raw/${from}` })) {
    if (!known.has(object.key)) found.push(object);
  }
  const [first] = found;
  const hasOld = first !== undefined && (usual === undefined || first.key < `raw/${usual}`);
  return { objects: found, full, hasOld, at };
}

/** Remembers that everything a listing found is published. */
export async function markListed({ state }: Pick<Runtime, 'state'>, listing: Listing): Promise<void> {
  if (listing.full) await state.put('batch', 'full-listing', { at: listing.at } satisfies FullListing);
}

/** Cuts a listing into what one batch takes at a time. */
export function cutIntoBatches(listed: readonly ListedObject[]): readonly (readonly ListedObject[])[] {
  const batches: ListedObject[][] = [];
  let bytes = 0;
  for (const object of listed) {
    const last = batches.at(-1);
    bytes += object.bytes;
    if (last === undefined || last.length >= MOST_OBJECTS || bytes > MOST_BYTES) {
      batches.push([object]);
      bytes = object.bytes;
    } else last.push(object);
  }
  return batches;
}

/** Reads objects, some at a time; one deleted since it was listed is left out. */
export async function readObjects(objects: Runtime['objects'], keys: readonly string[]): Promise<readonly RawInput[]> {
  const read: RawInput[] = [];
  for (let i = 0; i < keys.length; i += READ_AT_ONCE) {
    const some = keys.slice(i, i + READ_AT_ONCE);
    const documents = await Promise.all(some.map(async (key) => ({ key, document: await objects.get(key) })));
    for (const { key, document } of documents) if (document !== undefined) read.push({ key, document });
  }
  return read;
}
