import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFsObjects } from '../../../ports/objects/fs.ts';
import { startChild } from '../../support/child.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { openDoor } from '../../support/door.ts';
import { systemError, watchedFiles, type Step } from '../../support/files.ts';
import { fixture } from '../../support/fixture.ts';
import { untilNoon } from './clock.ts';
import { makeHousehold } from './household.ts';
import { rawFiles, torn } from './raw.ts';

describe('a disk that is full', () => {
  const steps: Step[] = ['opened', 'written', 'synced', 'linked', 'directory made', 'directory synced'];
  test.each(steps)(
    'at "%s" is 503 without an event, and the same bytes are taken once there is space',
    async (fatal) => {
      const root = temporaryDirectory();
      let isFull = true;
      const before = (step: Step): void => {
        if (isFull && step === fatal) throw systemError('ENOSPC');
      };
      const door = openDoor({ objects: createFsObjects({ root, files: watchedFiles({ before }) }) });
      // Two people in one push: none of it is acknowledged unless all of it is there.
      const answer = await door.garmin(fixture('garmin/spec-push-dailies-two-users.json'));
      expect(await answer.json()).toMatchObject({ status: 503, code: 'storage_unavailable' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(door.events).toEqual([]);
      isFull = false;
      expect((await door.garmin(fixture('garmin/spec-push-dailies-two-users.json'))).status).toBe(200);
      expect(rawFiles(root)).toHaveLength(2);
      expect(torn(root)).toEqual([]);
    },
  );
});

const server = new URL('door.child.ts', import.meta.url);
const MEGABYTE = 1024 * 1024;
/** Blocks of 512 or 1024 bytes, as the shell likes: files of one or two megabytes. */
const SMALL_FILES = 'ulimit -f 2048';

/** A push of one daily summary of about that size. */
const push = (name: string, bytes: number): string =>
  JSON.stringify({ dailies: [{ userId: 'somebody', summaryId: name, padding: 'x'.repeat(bytes) }] });

test('a real file system that takes no more bytes is 503, keeps nothing of them and goes on with what fits', async () => {
  const shift = untilNoon();
  const dataDir = join(temporaryDirectory(), 'data');
  const { door, pushes } = await makeHousehold(dataDir, shift, { days: 2, people: 1 });
  const [some] = pushes.filter(({ provider }) => provider === 'garmin');
  if (some === undefined) throw new RangeError('Nobody wears a watch.');
  const path = door(some).url;
  const before = rawFiles(dataDir).length;
  const send = (url: string, body: string): Promise<Response> => fetch(`${url}${path}`, { method: 'POST', body });

  const narrow = startChild(server, [dataDir, String(shift)], SMALL_FILES);
  const narrowUrl = String(await narrow.line());
  await expect.poll(async () => (await send(narrowUrl, push('small', 10))).status, { timeout: 30_000 }).toBe(200);
  const refused = await send(narrowUrl, push('large', 4 * MEGABYTE));
  expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'storage_unavailable' }]);
  expect(rawFiles(dataDir)).toHaveLength(before + 1);
  await expect.poll(() => readdirSync(join(dataDir, '.tmp')), { timeout: 30_000 }).toEqual([]);
  await expect.poll(async () => (await send(narrowUrl, push('another', 10))).status, { timeout: 30_000 }).toBe(200);
  await narrow.kill();

  const wide = startChild(server, [dataDir, String(shift)]);
  const wideUrl = String(await wide.line());
  await expect
    .poll(async () => (await send(wideUrl, push('large', 4 * MEGABYTE))).status, { timeout: 30_000 })
    .toBe(200);
  expect(rawFiles(dataDir)).toHaveLength(before + 3);
  expect(torn(dataDir)).toEqual([]);
});
