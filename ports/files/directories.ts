import { dirname, join, resolve } from 'node:path';
import { PortError } from '../errors.ts';
import { systemCode, type Files } from './files.ts';

/** Enough for a day of a large household of accounts; beyond it directories are simply looked at again. */
const REMEMBERED = 10_000;

/** Directories below one root whose names are known to be durable. */
export interface Directories {
  /** The root with symbolic links followed, made and durable. */
  root(): Promise<string>;
  /** Makes what is missing below the root and returns the path; `key_conflict` when something else is in the way. */
  ensure(segments: readonly string[]): Promise<string>;
  /** Looks at everything again: after a failure nothing is taken for granted. */
  forget(): void;
}

export function createDirectories(files: Files, path: string): Directories {
  const durable = new Set<string>();
  let root: Promise<string> | undefined;

  /** Also syncs a directory that was there already: its maker may have died before doing so. */
  async function settle(directory: string): Promise<void> {
    if (durable.has(directory)) return;
    await makeOnce(files, directory);
    await files.syncDirectory(dirname(directory));
    if (durable.size >= REMEMBERED) durable.clear();
    durable.add(directory);
  }

  async function settleRoot(): Promise<string> {
    const real = await files.realPath(path);
    if (real === undefined) {
      const parent = dirname(resolve(path));
      await createDirectories(files, parent).root();
      await settle(resolve(path));
      return (await files.realPath(path)) ?? resolve(path);
    }
    // A parent this user may not read is one in which this user made nothing.
    await files.syncDirectory(dirname(real)).catch((error: unknown) => {
      if (!['EACCES', 'EPERM'].includes(systemCode(error) ?? '')) throw error;
    });
    return real;
  }

  function rootOnce(): Promise<string> {
    root ??= settleRoot();
    return root;
  }

  return {
    root: rootOnce,
    async ensure(segments) {
      let directory = await rootOnce();
      for (const segment of segments) {
        directory = join(directory, segment);
        await settle(directory);
      }
      return directory;
    },
    forget() {
      durable.clear();
      root = undefined;
    },
  };
}

/** A symbolic link is in the way too: through it a key would reach outside the root. */
async function makeOnce(files: Files, directory: string): Promise<void> {
  try {
    await files.makeDirectory(directory);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    const [status] = await files.status([directory]);
    if (status?.kind !== 'directory') {
      throw new PortError('key_conflict', 'Part of the key is taken by something that is not a directory.');
    }
  }
}
