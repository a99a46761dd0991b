import { link, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WellspringError } from '../app/errors.ts';
import type { Sink } from '../ports/exports/exports.ts';
import { systemCode } from '../ports/files/files.ts';
import type { Ids } from '../ports/ids/ids.ts';

/** Refuses a place where no file can appear, before any work is done for it; throws `no_such_directory`, `not_a_file` or, without `force`, `file_exists` (exit 2). */
export async function checkPlace(path: string, { force }: { readonly force: boolean }): Promise<void> {
  const folder = dirname(path);
  if (!(await isDirectory(folder))) {
    const remedy = `Make it with mkdir -p "${folder}", or give another --out.`;
    throw new WellspringError({
      code: 'no_such_directory',
      message: `There is no directory ${folder}.`,
      remedy,
      exit: 2,
    });
  }
  const there = await isDirectory(path);
  if (there === true) {
    const remedy = `Give --out a name in it, such as ${join(path, 'export.zip')}.`;
    throw new WellspringError({ code: 'not_a_file', message: `${path} is a directory.`, remedy, exit: 2 });
  }
  if (there === false && !force) throw exists(path);
}

/** Writes a file that appears whole or not at all, readable by its owner only; `part` is where it lies until then. Throws what `checkPlace` throws, and `not_writable` (exit 4). */
export async function writeFileOnce<T>(
  path: string,
  { force, ids }: { readonly force: boolean; readonly ids: Ids },
  write: (sink: Sink, part: string) => Promise<T>,
): Promise<T> {
  await checkPlace(path, { force });
  const failed = (cause: unknown): Promise<never> => Promise.reject(notWritable(path, cause));
  const temporary = join(dirname(path), `.${basename(path)}.${ids.id('part', 8)}`);
  const file = await open(temporary, 'wx', 0o600).catch(failed);
  try {
    const result = await write((bytes) => file.writeFile(bytes).catch(failed), temporary);
    await file.sync().catch(failed);
    await file.close();
    if (force) await rename(temporary, path).catch(failed);
    // Somebody was faster.
    else
      await link(temporary, path).catch((cause: unknown) =>
        systemCode(cause) === 'EEXIST' ? Promise.reject(exists(path)) : failed(cause),
      );
    return result;
  } finally {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
  }
}

/** Undefined where there is nothing. */
async function isDirectory(path: string): Promise<boolean | undefined> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => undefined,
  );
}

function exists(path: string): WellspringError {
  return new WellspringError({
    code: 'file_exists',
    message: `${path} is there already.`,
    remedy: 'Give another --out, or --force to write over it.',
    exit: 2,
  });
}

function notWritable(path: string, cause: unknown): WellspringError {
  return new WellspringError({
    code: 'not_writable',
    message: `${path} could not be written (${systemCode(cause) ?? 'unknown error'}).`,
    remedy: 'Give another --out, in a directory you may write to and on a disk that has room.',
    exit: 4,
    cause,
  });
}
