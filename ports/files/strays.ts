import { join } from 'node:path';
import type { Directories } from './directories.ts';
import type { Files } from './files.ts';

/** Where drivers on a file system keep what is not written to its end: on the same file system as what it becomes. */
export const TEMPORARY = '.tmp';

const HOUR_MS = 3_600_000;

/** Answers the directory of temporary files, made and, the first time, cleared of what killed writers left. */
export function createTemporary(files: Files, directories: Directories): () => Promise<string> {
  let swept: Promise<void> | undefined;
  return async () => {
    const directory = await directories.ensure([TEMPORARY]);
    // Strays cost space and nothing else: failing to remove them must not refuse a write.
    swept ??= removeStrays(files, directory).catch(() => undefined);
    await swept;
    return directory;
  };
}

/**
 * Removes temporary files that are more than an hour older than a file made now: their writers were killed.
 * The file system's own clock is asked, so that a shared disk with another time does no harm.
 */
async function removeStrays(files: Files, directory: string): Promise<void> {
  const probe = join(directory, `${process.pid}-probe`);
  await files.unlink(probe).catch(() => undefined);
  const file = await files.create(probe);
  await file.close();
  const names = await files.names(directory);
  const paths = names.map((entry) => join(directory, entry.name));
  const all = await files.status([probe, ...paths]);
  const now = all[0]?.modifiedMs ?? 0;
  const old = paths.filter((_, index) => now - (all[index + 1]?.modifiedMs ?? now) > HOUR_MS);
  for (const path of [probe, ...old]) await files.unlink(path).catch(() => undefined);
}
