import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Ids } from '../ports/ids/ids.ts';

/** Makes the directory readable by its owner alone; one that is there already keeps its mode. */
export function ensurePrivateDirectory(path: string): void {
  if (mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(path, 0o700);
}

/**
 * The text of a secret file, made by `make` when there is none. Two processes that start at once agree:
 * the file appears whole by `link`, and the one that comes second reads what the first wrote.
 */
export function ensureSecret(
  path: string,
  make: () => string,
  ids: Ids,
): { readonly value: string; readonly made: boolean } {
  const there = readSecret(path);
  if (there !== undefined) return { value: there, made: false };
  const value = make();
  const temporary = writeBeside(path, value, ids);
  try {
    linkSync(temporary, path);
    syncDirectory(dirname(path));
    return { value, made: true };
  } catch (error) {
    const winner = readSecret(path);
    if (winner === undefined) throw error;
    return { value: winner, made: false };
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Puts a new secret in the place of the old one; a reader sees one or the other, whole. */
export function replaceSecret(path: string, value: string, ids: Ids): void {
  renameSync(writeBeside(path, value, ids), path);
  syncDirectory(dirname(path));
}

/** The secret in the file without the line end, undefined when there is no file. */
export function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeBeside(path: string, value: string, ids: Ids): string {
  const temporary = join(dirname(path), `.${ids.id('tmp', 16)}`);
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(file, `${value}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return temporary;
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
