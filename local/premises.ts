import { createReadStream } from 'node:fs';
import { readFile, readdir, rm, rmdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { encodingsOf } from '../app/forget/encodings.ts';
import type { Folders, Premises } from '../ports/premises/premises.ts';

const BLOCK_BYTES = 1 << 20;
const STATE = /^state\.db/;
const TEMPORARY = /(^|\/)\.tmp\/(?<pid>\d+)-/;

/** What one data directory holds beside its ports. */
export function createPremises(dataDir: string): Premises {
  const foldersFor = async ({ userId, names }: Folders): Promise<{ inbox: string[]; exports: string[] }> => {
    const providers = (await entries(join(dataDir, 'inbox'))).filter((entry) => entry.isDirectory());
    return {
      inbox: providers.flatMap(({ name }) => names.map((person) => join(dataDir, 'inbox', name, person))),
      exports: [join(dataDir, 'exports', userId)],
    };
  };
  const isBelow = (path: string): boolean => !relative(dataDir, path).startsWith('..');

  return {
    async count(folders) {
      const { inbox, exports } = await foldersFor(folders);
      return { inbox: await countIn(inbox.filter(isBelow)), exports: await countIn(exports.filter(isBelow)) };
    },
    async clear(folders, words) {
      const { inbox, exports } = await foldersFor(folders);
      for (const folder of [...inbox, ...exports].filter(isBelow)) await rm(folder, { recursive: true, force: true });
      for (const path of await files(dataDir)) {
        const pid = TEMPORARY.exec(relative(dataDir, path))?.groups?.['pid'];
        if (pid === undefined) continue;
        // Whoever still writes it fails and is told so: nothing was acknowledged.
        if (!isAlive(Number(pid)) || (await holdsAny(path, words))) await rm(path, { force: true });
      }
      await removeEmpty(dataDir, dataDir, words);
    },
    async search({ told, opaque }) {
      const found: string[] = [];
      const everywhere = [...new Set(told.flatMap(encodingsOf).map((one) => one.toString('latin1')))];
      const outside = [...new Set(opaque.flatMap(encodingsOf).map((one) => one.toString('latin1')))];
      for (const path of await files(dataDir)) {
        const name = relative(dataDir, path).split(sep).join('/');
        const wanted = STATE.test(name) ? everywhere : [...everywhere, ...outside];
        const inName = [...told, ...(STATE.test(name) ? [] : opaque)].some(
          (word) => word.length > 5 && name.includes(word),
        );
        if (inName || (await has(path, wanted))) found.push(name);
      }
      return found;
    },
  };
}

const entries = (directory: string) => readdir(directory, { withFileTypes: true }).catch(() => []);

/** Files below a directory; none where there is none. */
async function files(directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await entries(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) found.push(...(await files(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

/** Files below all of these. */
async function countIn(folders: readonly string[]): Promise<number> {
  return (await Promise.all(folders.map(files))).flat().length;
}

/** Folders stay behind when their files go, and a folder's name may tell whose they were. */
async function removeEmpty(root: string, directory: string, words: readonly string[]): Promise<void> {
  for (const entry of await entries(directory)) {
    if (!entry.isDirectory()) continue;
    const path = join(directory, entry.name);
    await removeEmpty(root, path, words);
    const isNamed = words.some((word) => relative(root, path).includes(word));
    // One that is not empty stays: so does what a delivery of this moment needs.
    if (isNamed) await rmdir(path).catch(() => undefined);
  }
}

async function holdsAny(path: string, words: readonly string[]): Promise<boolean> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  return words.some((word) => bytes.includes(word));
}

/** Whether a file holds one of the patterns (bytes as Latin-1); one that is gone holds nothing. */
async function has(path: string, patterns: readonly string[]): Promise<boolean> {
  const longest = Math.max(1, ...patterns.map((pattern) => pattern.length));
  let rest = Buffer.alloc(0);
  try {
    for await (const block of createReadStream(path, { highWaterMark: BLOCK_BYTES })) {
      const bytes = Buffer.concat([rest, Buffer.from(block)]);
      if (patterns.some((pattern) => bytes.includes(pattern, 'latin1'))) return true;
      rest = bytes.subarray(Math.max(0, bytes.length - longest + 1));
    }
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** A process id in use counts as alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
