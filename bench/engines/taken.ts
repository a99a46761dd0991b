import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { readReaders } from '../../ports/engine/duckdb/readers.ts';
import { populate } from '../people/populate.ts';
import { countRecords } from './records.ts';

/** A batch: a directory with `raw/` and nothing in it but these objects. */
export interface Taken {
  readonly directory: string;
  /** In order. */
  readonly keys: readonly string[];
  /** Records in them: what is meant by rows a second, for every engine alike. */
  readonly rows: number;
  readonly bytes: number;
}

const READERS = fileURLToPath(new URL('../../models/records.csv', import.meta.url));
const DAYS = 30;
/** A household of two and its facts send at least so many objects in these days. */
const HOUSEHOLD_OBJECTS = 250;

const envelope = z.object({ type: z.string(), data: z.unknown() });

function keysOf(directory: string): readonly string[] {
  return readdirSync(path.join(directory, 'raw'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => `raw/${name.replaceAll('\\', '/')}`)
    .toSorted();
}

/**
 * Makes the first so many objects of a population's month in a directory of its own, which is gone on with when it was begun: of each person who
 * they are, then what came, by day.
 */
export async function take(directory: string, objects: number): Promise<Taken> {
  mkdirSync(directory, { recursive: true });
  const people = 2 * Math.ceil(objects / HOUSEHOLD_OBJECTS);
  await populate(directory, { seed: 'people', people, days: DAYS, until: '2026-06-30' });
  const all = keysOf(directory);
  if (all.length < objects) throw new Error(`${people} people sent ${all.length} objects, and ${objects} are wanted.`);
  for (const key of all.slice(objects)) rmSync(path.join(directory, key));
  const keys = all.slice(0, objects);
  const readers = readReaders(readFileSync(READERS, 'utf8'));
  let [rows, bytes] = [0, 0];
  for (const key of keys) {
    const document = readFileSync(path.join(directory, key));
    const { type, data } = envelope.parse(JSON.parse(document.toString()));
    rows += countRecords(readers, type, data);
    bytes += document.byteLength;
  }
  return { directory, keys, rows, bytes };
}
