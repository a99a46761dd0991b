import { access, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Inbox, InboxFile, InboxFolder } from '../app/inbox.ts';

const NOTE = 'problem.txt';
const REFUSED = 'refused';
/** What browsers call a file they have not finished, and our own notes. */
const NOT_YET = /^\.|\.(part|partial|crdownload|download|tmp)$|(^|\.)problem\.txt$/i;

/** The inbox of one machine: `<data directory>/inbox/<provider>/<user>/<file>`. Each look compares with the one before. */
export function createInbox(dataDir: string): Inbox {
  const root = join(dataDir, 'inbox');
  const folderOf = ({ provider, user }: InboxFolder): string => join(root, provider, user);
  const pathOf = (file: InboxFile): string => join(folderOf(file), file.name);
  let before = new Map<string, string>();

  return {
    async look() {
      const files: InboxFile[] = [];
      for (const provider of await names(root, 'directory')) {
        for (const user of await names(join(root, provider), 'directory')) {
          for (const name of await names(join(root, provider, user), 'file')) {
            const stamp = await stampOf(join(root, provider, user, name));
            if (stamp !== undefined && !NOT_YET.test(name)) files.push({ provider, user, name, stamp });
          }
        }
      }
      const settled = files.filter((file) => before.get(pathOf(file)) === file.stamp);
      before = new Map(files.map((file) => [pathOf(file), file.stamp]));
      return settled;
    },
    read: (file) => readFile(pathOf(file)),
    async remove(file) {
      if ((await stampOf(pathOf(file))) === file.stamp) await rm(pathOf(file));
    },
    async refuse(file, reason) {
      const directory = join(folderOf(file), REFUSED);
      await mkdir(directory, { recursive: true });
      const name = await freeName(directory, file.name);
      await rename(pathOf(file), join(directory, name));
      await writeFile(join(directory, `${name}.${NOTE}`), reason);
    },
    async note(folder, reason) {
      const path = join(folderOf(folder), NOTE);
      if (reason === undefined) return rm(path, { force: true });
      const said = await readFile(path, 'utf8').catch(() => undefined);
      if (said !== reason) await writeFile(path, reason);
    },
  };
}

async function names(directory: string, kind: 'directory' | 'file'): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(ifThere([]));
  return entries
    .filter((entry) => (kind === 'file' ? entry.isFile() : entry.isDirectory()))
    .map((entry) => entry.name)
    .toSorted();
}

async function stampOf(path: string): Promise<string | undefined> {
  const status = await stat(path).catch(ifThere(undefined));
  return status && `${status.size} ${status.mtimeMs} ${status.ino}`;
}

/** A file may be taken away between two steps: then there is nothing, and that is no error. */
function ifThere<T>(nothing: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return nothing;
    throw error;
  };
}

/** A file refused earlier under the same name is not written over. */
async function freeName(directory: string, name: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${number}-${name}`;
    const taken = await access(join(directory, free)).then(() => true, ifThere(false));
    if (!taken) return free;
  }
}
