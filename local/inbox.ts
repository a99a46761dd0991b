import { access, mkdir, readFile, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Inbox, InboxFile, InboxFolder, UploadPlace } from '../ports/inbox/inbox.ts';
import { freeName, isUploadId, isWhole, NOTE, REFUSED } from '../ports/inbox/names.ts';
import { createRandomIds } from '../ports/ids/random.ts';
import { writeFileOnce } from './write-file.ts';

/** The inbox of one machine: `<data directory>/inbox/<provider>/<user>/<file>`. Each look compares with the one before. */
export function createInbox(dataDir: string): Inbox {
  const root = join(dataDir, 'inbox');
  const folderOf = ({ provider, user }: InboxFolder): string => join(root, provider, user);
  const pathOf = (file: Omit<InboxFile, 'stamp' | 'bytes'>): string =>
    join(folderOf(file), ...(file.uploadId === undefined ? [] : [file.uploadId]), file.name);
  let before = new Map<string, string>();

  async function* everyFile(): AsyncIterable<Omit<InboxFile, 'stamp' | 'bytes'>> {
    for (const provider of await names(root, 'directory')) {
      for (const user of await names(join(root, provider), 'directory')) {
        const folder = folderOf({ provider, user });
        for (const name of await names(folder, 'file')) yield { provider, user, name };
        for (const uploadId of (await names(folder, 'directory')).filter(isUploadId)) {
          for (const name of await names(join(folder, uploadId), 'file')) yield { provider, user, uploadId, name };
        }
      }
    }
  }

  return {
    async look() {
      const files: InboxFile[] = [];
      for await (const file of everyFile()) {
        const status = await statusOf(pathOf(file));
        if (status !== undefined && isWhole(file.name)) files.push({ ...file, ...status });
      }
      const settled = files.filter((file) => before.get(pathOf(file)) === file.stamp);
      before = new Map(files.map((file) => [pathOf(file), file.stamp]));
      return settled;
    },
    read: (file) => readFile(pathOf(file)).catch(ifThere(undefined)),
    async remove(file) {
      if ((await statusOf(pathOf(file)))?.stamp === file.stamp) await rm(pathOf(file));
      if (file.uploadId !== undefined) await rmdir(join(folderOf(file), file.uploadId)).catch(() => undefined);
    },
    async refuse(file, reason) {
      // One that was written since is judged for itself.
      if ((await statusOf(pathOf(file)))?.stamp !== file.stamp) return;
      const directory = join(folderOf(file), REFUSED);
      await mkdir(directory, { recursive: true });
      const isTaken = (name: string) => access(join(directory, name)).then(() => true, ifThere(false));
      const name = await freeName(file.name, isTaken);
      await rename(pathOf(file), join(directory, name));
      await writeFile(join(directory, `${name}.${NOTE}`), reason);
      if (file.uploadId !== undefined) await rmdir(join(folderOf(file), file.uploadId)).catch(() => undefined);
    },
    async note(folder, reason) {
      const path = join(folderOf(folder), NOTE);
      if (reason === undefined) return rm(path, { force: true });
      const said = await readFile(path, 'utf8').catch(() => undefined);
      if (said !== reason) await writeFile(path, reason);
    },
    keep: (place, blocks, mostBytes) => keep(join(folderOf(place), place.uploadId), place, blocks, mostBytes),
  };
}

class TooLarge extends Error {}

/** Block by block: in memory is one of them. */
async function keep(
  folder: string,
  { name }: UploadPlace,
  blocks: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<'kept' | 'taken' | 'too_large'> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await names(folder, 'file')).some(isWhole)) return 'taken';
  let bytes = 0;
  try {
    await writeFileOnce(join(folder, basename(name)), { force: false, ids: createRandomIds() }, async (sink) => {
      for await (const block of blocks) {
        bytes += block.byteLength;
        if (bytes > mostBytes) throw new TooLarge();
        await sink(block);
      }
    });
    return 'kept';
  } catch (error) {
    await rmdir(folder).catch(() => undefined);
    if (error instanceof TooLarge) return 'too_large';
    if (error instanceof Error && 'code' in error && error.code === 'file_exists') return 'taken';
    throw error;
  }
}

async function names(directory: string, kind: 'directory' | 'file'): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(ifThere([]));
  return entries
    .filter((entry) => (kind === 'file' ? entry.isFile() : entry.isDirectory()))
    .map((entry) => entry.name)
    .toSorted();
}

async function statusOf(path: string): Promise<Pick<InboxFile, 'bytes' | 'stamp'> | undefined> {
  const status = await stat(path).catch(ifThere(undefined));
  return status && { bytes: status.size, stamp: `${status.size} ${status.mtimeMs} ${status.ino}` };
}

/** A file may be taken away between two steps: then there is nothing, and that is no error. */
function ifThere<T>(nothing: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return nothing;
    throw error;
  };
}
