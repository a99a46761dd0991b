import { gathered } from '../lines.ts';
import type { ListedObject, Objects } from '../../objects/objects.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** What the tables say of earlier runs. */
export interface Past {
  /** By raw key: the lines of `records.csv` it was read by. */
  readonly known: ReadonlyMap<string, string>;
  /** The end of the last batch, Unix ms, and the models that made it; undefined before the first. */
  readonly finishedMs: number | undefined;
  readonly modelVersion: string | undefined;
}

/** Objects to read, in order of their keys, and keys of objects that are no more. */
export interface Work {
  readonly fresh: readonly ListedObject[];
  readonly gone: readonly string[];
}

async function compare(objects: Objects, { known }: Past, version: string, from: string): Promise<Work> {
  const fresh: ListedObject[] = [];
  const there = new Set<string>();
  for await (const object of objects.list('raw/', { after: from })) {
    there.add(object.key);
    if (known.get(object.key) !== version) fresh.push(object);
  }
  const gone = [...known.keys()].filter((key) => key >= from && !there.has(key)).toSorted();
  return { fresh, gone };
}

/**
 * What raw holds and the tables do not, or not any more. Dates are looked through from the day before the last batch on; all of them when that shows
 * nothing, in the first run of a week (a clock that stepped, a restore), and when records are read by other lines now.
 */
export async function findWork(objects: Objects, past: Past, version: string, nowMs: number): Promise<Work> {
  const { known, finishedMs } = past;
  const isRead = [...known.values()].every((by) => by === version);
  if (finishedMs !== undefined && isRead && !isNewPeriod(finishedMs, nowMs, WEEK_MS)) {
    const from = `raw/${new Date(finishedMs - DAY_MS).toISOString().slice(0, 10)}`;
    const recent = await compare(objects, past, version, from);
    if (recent.fresh.length + recent.gone.length > 0) return recent;
  }
  return compare(objects, past, version, 'raw/');
}

/** All that raw holds, whatever was read of it before, and those of `keys` it does not hold. */
export async function findAll(objects: Objects, keys: ReadonlySet<string>): Promise<Work> {
  const fresh = await gathered(objects.list('raw/'));
  const there = new Set(fresh.map(({ key }) => key));
  return { fresh, gone: [...keys].filter((key) => !there.has(key)).toSorted() };
}

/** Whether a period of so many ms has begun since. */
export function isNewPeriod(sinceMs: number, nowMs: number, periodMs: number): boolean {
  return Math.floor(sinceMs / periodMs) !== Math.floor(nowMs / periodMs);
}

/** Cuts a listing into what is held in memory at a time; at least one portion, also of nothing. */
export function portionsOf(
  listed: readonly ListedObject[],
  most: { readonly objects: number; readonly bytes: number },
): readonly (readonly ListedObject[])[] {
  const portions: ListedObject[][] = [[]];
  let bytes = 0;
  for (const object of listed) {
    const last = portions.at(-1) ?? [];
    bytes += object.bytes;
    if (last.length > 0 && (last.length >= most.objects || bytes > most.bytes)) {
      portions.push([object]);
      bytes = object.bytes;
    } else last.push(object);
  }
  return portions;
}
