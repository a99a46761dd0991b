import { basename, dirname, join } from 'node:path';
import { PortError } from '../errors.ts';
import { createDirectories } from '../files/directories.ts';
import { storageError } from '../files/failure.ts';
import { systemCode, type Files } from '../files/files.ts';
import { nodeFiles } from '../files/node.ts';
import { writeOnce } from '../files/once.ts';
import { createTemporary } from '../files/strays.ts';
import { parentsOf, segmentsOf } from './key.ts';
import type { Objects } from './objects.ts';
import { walk } from './walk.ts';

/**
 * Objects as files below `root`, the key being the path; one key cannot be both a file and a directory (`key_conflict`).
 * Disk errors throw `storage_full`, `storage_refused` or `storage_failed`, and nothing was acknowledged.
 */
export function createFsObjects(options: { readonly root: string; readonly files?: Files }): Objects {
  const files = options.files ?? nodeFiles;
  const directories = createDirectories(files, options.root);
  const temporaryDirectory = createTemporary(files, directories);

  async function put(key: string, bytes: Uint8Array): Promise<'stored' | 'duplicate'> {
    const temporary = await temporaryDirectory();
    const directory = await directories.ensure(segmentsOf(key).slice(0, -1));
    const path = join(directory, basename(key));
    if (await isThere(files, path)) {
      // Whoever linked it may not have come to syncing yet, or never will.
      await files.syncDirectory(directory);
      return 'duplicate';
    }
    if ((await writeOnce(files, { path, temporary, bytes })) === 'written') return 'stored';
    // Taken by another writer, and perhaps deleted since: then these bytes are nowhere yet.
    return (await isThere(files, path)) ? 'duplicate' : put(key, bytes);
  }

  /** The path of a key, undefined when there is nothing, or when a symbolic link leads there. */
  async function find(key: string): Promise<string | undefined> {
    const segments = segmentsOf(key);
    const root = await files.realPath(options.root);
    if (root === undefined) return undefined;
    const path = join(root, ...segments);
    return (await files.realPath(path)) === path ? path : undefined;
  }

  return {
    async putIfAbsent(key, bytes) {
      segmentsOf(key);
      try {
        return await put(key, bytes);
      } catch (error) {
        directories.forget();
        throw storageError(error);
      }
    },
    async get(key) {
      const path = await find(key).catch(rethrow);
      if (path === undefined) return undefined;
      try {
        return await files.read(path);
      } catch (error) {
        if (['ENOENT', 'EISDIR'].includes(systemCode(error) ?? '')) return undefined;
        throw storageError(error);
      }
    },
    async *list(prefix, { after = '' } = {}) {
      const parents = parentsOf(prefix);
      const root = await files.realPath(options.root);
      if (root === undefined) return;
      const start = join(root, ...parents);
      if ((await files.realPath(start)) !== start) return;
      yield* walk({ files, root, prefix, after }, parents.map((parent) => `${parent}/`).join(''));
    },
    async delete(key) {
      try {
        const path = await find(key);
        if (path === undefined || !(await isThere(files, path))) return;
        await files.unlink(path);
        await files.syncDirectory(dirname(path));
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw storageError(error);
      }
    },
  };
}

/** Whether a file is at the path; anything else there is `key_conflict`, for it must not pass for a duplicate. */
async function isThere(files: Files, path: string): Promise<boolean> {
  const [status] = await files.status([path]);
  if (status === undefined) return false;
  if (status.kind === 'file') return true;
  throw new PortError('key_conflict', 'The key is taken by something that is not a file.');
}

function rethrow(error: unknown): never {
  throw storageError(error);
}
