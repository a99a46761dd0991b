import {
  accessSync,
  constants,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { WellspringError } from '../app/errors.ts';
import type { Ids } from '../ports/ids/ids.ts';

/** Makes the directory readable by its owner alone; one that is there already keeps its mode. Throws `data_dir_unusable` (exit 2). */
export function ensurePrivateDirectory(path: string): void {
  try {
    if (!existsSync(path)) makeDirectory(path);
    // With the slash a file of that name is refused too.
    accessSync(join(path, sep), constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new WellspringError({
      code: 'data_dir_unusable',
      message: `The data directory ${path} cannot be used.`,
      ...(cause instanceof Error && { detail: cause.message }),
      remedy: 'Name another with --data-dir or WELLSPRING_DATA_DIR, or change who may write there.',
      exit: 2,
      cause,
    });
  }
}

/** Not `recursive`: where the system refuses new entries as if a parent were missing (/proc), that never returns. */
function makeDirectory(path: string): void {
  const parent = dirname(path);
  if (!existsSync(parent)) makeDirectory(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process was first.
    if (!existsSync(path)) throw error;
  }
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
