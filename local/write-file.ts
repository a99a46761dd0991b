import { access, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WellspringError } from '../app/errors.ts';
import type { Sink } from '../app/export/archive.ts';
import type { Ids } from '../ports/ids/ids.ts';

/** Writes a file that appears whole or not at all, readable by its owner only; throws `file_exists` (exit 2) unless `force`. */
export async function writeFileOnce<T>(
  path: string,
  { force, ids }: { readonly force: boolean; readonly ids: Ids },
  write: (sink: Sink) => Promise<T>,
): Promise<T> {
  if (
    !force &&
    (await access(path).then(
      () => true,
      () => false,
    ))
  )
    throw exists(path);
  const temporary = join(dirname(path), `.${basename(path)}.${ids.id('part', 8)}`);
  const file = await open(temporary, 'wx', 0o600);
  try {
    const result = await write((bytes) => file.writeFile(bytes));
    await file.sync();
    await file.close();
    if (force) await rename(temporary, path);
    else await link(temporary, path).catch(() => Promise.reject(exists(path)));
    return result;
  } finally {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
  }
}

function exists(path: string): WellspringError {
  return new WellspringError({
    code: 'file_exists',
    message: `${path} is there already.`,
    remedy: 'Give another --out, or --force to write over it.',
    exit: 2,
  });
}
