import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '../ports/clock/clock.ts';
import type { Exports } from '../ports/exports/exports.ts';
import { createRandomIds } from '../ports/ids/random.ts';
import { writeFileOnce } from './write-file.ts';

const DAY_MS = 86_400_000;
const ID = /^[a-z0-9_]{1,64}$/;
/** The time it was asked for stands in the name: the clock of the file system is another one. */
const NAME = /^(?<id>[a-z0-9_]+)\.(?<ms>\d+)\.zip$/;

/** Exports below `exports/<user>/` of a data directory. */
export function createExports(dataDir: string, clock: Clock): Exports {
  const root = join(dataDir, 'exports');
  const folderOf = (userId: string): string => join(root, userId);
  const find = async (userId: string, id: string): Promise<string | undefined> => {
    if (!ID.test(userId) || !ID.test(id)) return undefined;
    const name = (await namesIn(folderOf(userId))).find((one) => NAME.exec(one)?.groups?.['id'] === id);
    return name === undefined ? undefined : join(folderOf(userId), name);
  };

  return {
    async keep(userId, id, build) {
      await mkdir(folderOf(userId), { recursive: true, mode: 0o700 });
      const path = join(folderOf(userId), `${id}.${clock.now()}.zip`);
      await writeFileOnce(path, { force: false, ids: createRandomIds() }, build);
    },
    async open(userId, id) {
      const path = await find(userId, id);
      const file = path === undefined ? undefined : await open(path, 'r').catch(() => undefined);
      return file === undefined ? undefined : Readable.toWeb(file.createReadStream());
    },
    async remove(userId, id) {
      const path = await find(userId, id);
      if (path !== undefined) await rm(path, { force: true });
    },
    async dropOld() {
      let dropped = 0;
      for (const userId of await namesIn(root)) {
        for (const name of await namesIn(folderOf(userId))) {
          // One half built by a process that died has no time in its name.
          const path = join(folderOf(userId), name);
          const madeMs = Number(NAME.exec(name)?.groups?.['ms'] ?? (await changedMs(path)));
          if (clock.now() - madeMs < DAY_MS) continue;
          await rm(path, { recursive: true, force: true });
          dropped += 1;
        }
      }
      return dropped;
    },
  };
}

const namesIn = (directory: string): Promise<readonly string[]> => readdir(directory).catch(() => []);

const changedMs = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
