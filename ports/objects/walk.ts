import { join } from 'node:path';
import { systemCode, type Files } from '../files/files.ts';
import { TEMPORARY } from '../files/strays.ts';
import { isSegment } from './key.ts';
import type { ListedObject } from './objects.ts';

/** Sizes asked for at once: few enough that listing never holds up a delivery. */
const PORTION = 128;

interface Walk {
  readonly files: Files;
  readonly root: string;
  readonly prefix: string;
  readonly after: string;
}

/** Keys of the files below `directory` (`''` or `…/`) in ascending byte order; directories that cannot matter are not read. */
export async function* walk(options: Walk, directory: string): AsyncGenerator<ListedObject> {
  const entries = await namesIn(options, directory);
  let portion: string[] = [];
  for (const entry of entries) {
    const key = directory + entry;
    if (key.endsWith('/')) {
      yield* sized(options, portion);
      portion = [];
      if (mayHold(options, key)) yield* walk(options, key);
    } else if (key.startsWith(options.prefix) && key > options.after) {
      portion.push(key);
      if (portion.length === PORTION) {
        yield* sized(options, portion);
        portion = [];
      }
    }
  }
  yield* sized(options, portion);
}

/** A directory is named with its slash, so that plain string order is the order of whole keys (`a-b` < `a/x` < `a0`). */
async function namesIn({ files, root }: Walk, directory: string): Promise<readonly string[]> {
  try {
    const entries = await files.names(join(root, directory));
    return entries
      .filter((entry) => entry.kind !== 'other' && isSegment(entry.name))
      .filter((entry) => directory !== '' || entry.name !== TEMPORARY)
      .map((entry) => (entry.kind === 'directory' ? `${entry.name}/` : entry.name))
      .toSorted(byBytes);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return [];
    throw error;
  }
}

/** Segments are ASCII: comparing UTF-16 units compares bytes. */
function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function mayHold({ prefix, after }: Walk, directory: string): boolean {
  const inPrefix = directory.startsWith(prefix) || prefix.startsWith(directory);
  return inPrefix && (after < directory || after.startsWith(directory));
}

async function* sized({ files, root }: Walk, keys: readonly string[]): AsyncGenerator<ListedObject> {
  if (keys.length === 0) return;
  const status = await files.status(keys.map((key) => join(root, key)));
  for (const [index, key] of keys.entries()) {
    const found = status[index];
    if (found?.kind === 'file') yield { key, bytes: found.bytes };
  }
}
