import { join } from 'node:path';
import { createDirectories } from '../files/directories.ts';
import { storageError } from '../files/failure.ts';
import type { Files } from '../files/files.ts';
import { nodeFiles } from '../files/node.ts';
import { writeOnce } from '../files/once.ts';
import { createTemporary } from '../files/strays.ts';
import { addresseeOf, letterBytes, letterName, readLetter } from './letter.ts';
import type { Mailbox, Message, Notifier } from './notifier.ts';

/** Messages as files `<day>-<user id>-<kind>[-<part>].txt` that a person can open; disk errors are those of the file system's drivers. */
export function createOutbox(options: { readonly directory: string; readonly files?: Files }): Notifier & Mailbox {
  const files = options.files ?? nodeFiles;
  const directories = createDirectories(files, options.directory);
  const temporaryDirectory = createTemporary(files, directories);

  async function write(message: Message, name: string): Promise<'delivered' | 'already'> {
    const temporary = await temporaryDirectory();
    const path = join(await directories.root(), name);
    return (await writeOnce(files, { path, temporary, bytes: letterBytes(message) })) === 'written'
      ? 'delivered'
      : 'already';
  }

  return {
    async deliver(message) {
      const name = letterName(message);
      try {
        return await write(message, name);
      } catch (error) {
        directories.forget();
        throw storageError(error);
      }
    },
    async remove(userId) {
      const root = await files.realPath(options.directory);
      if (root === undefined) return 0;
      const theirs = (await files.names(root)).filter(({ name }) => addresseeOf(name) === userId);
      for (const { name } of theirs) await files.unlink(join(root, name));
      if (theirs.length > 0) await files.syncDirectory(root);
      return theirs.length;
    },
    async list(userId) {
      const root = await files.realPath(options.directory);
      if (root === undefined) return [];
      const letters: Message[] = [];
      for (const { name, kind } of await files.names(root)) {
        const letter = kind === 'file' ? readLetter(name, await files.read(join(root, name))) : undefined;
        if (letter && (userId === undefined || letter.userId === userId)) letters.push(letter);
      }
      return letters.toSorted((a, b) => (a.day === b.day ? byText(a.userId, b.userId) : byText(b.day, a.day)));
    },
  };
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
