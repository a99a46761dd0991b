import { dirname, join } from 'node:path';
import { systemCode, type Files, type WritableFile } from './files.ts';

let opened = 0;

/**
 * Writes a file that appears whole under its name or not at all, and durable when this returns: temporary file, sync,
 * link, sync of the directory. `taken` when the name is there already, with its directory synced as well: whoever
 * linked it may not have come to that yet. Both directories must exist, on one file system.
 */
export async function writeOnce(
  files: Files,
  options: { readonly path: string; readonly temporary: string; readonly bytes: Uint8Array },
): Promise<'written' | 'taken'> {
  const temporary = await create(files, options.temporary);
  let outcome: 'written' | 'taken';
  try {
    await fill(temporary.file, options.bytes);
    outcome = await linkOnce(files, temporary.path, options.path);
  } catch (error) {
    await discard(files, temporary.path);
    throw error;
  }
  await discard(files, temporary.path);
  await files.syncDirectory(dirname(options.path));
  return outcome;
}

interface Temporary {
  readonly path: string;
  readonly file: WritableFile;
}

/** Another process may have had our process id and left its file behind: then the next number is free. */
async function create(files: Files, directory: string): Promise<Temporary> {
  for (;;) {
    opened += 1;
    const path = join(directory, `${process.pid}-${opened}`);
    try {
      return { path, file: await files.create(path) };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

async function fill(file: WritableFile, bytes: Uint8Array): Promise<void> {
  try {
    await file.write(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function linkOnce(files: Files, temporary: string, path: string): Promise<'written' | 'taken'> {
  try {
    await files.link(temporary, path);
    return 'written';
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return 'taken';
    throw error;
  }
}

/** What cannot be removed now is a stray, removed at a later start; the write itself has its own outcome. */
async function discard(files: Files, path: string): Promise<void> {
  await files.unlink(path).catch(() => undefined);
}
