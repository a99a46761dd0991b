import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transform } from '../../../app/transform.ts';
import { startChild } from '../../support/child.ts';
import { makeDirectory, removeDirectory, temporaryDirectory } from '../../support/directory.ts';
import { untilNoon } from './clock.ts';
import { dump } from './dump.ts';
import { copyOf, makeHousehold, takeIn, withRuntime, type Household } from './household.ts';
import { load, type Acknowledged } from './load.ts';
import { rawFiles, torn } from './raw.ts';

const server = new URL('door.child.ts', import.meta.url);
const shift = untilNoon();
const root = makeDirectory();
let household: Household;
/** The tables of a directory on which nothing ever went wrong. */
let undisturbed: readonly string[];

beforeAll(async () => {
  household = await makeHousehold(join(root, 'household'), shift, { days: 4, people: 4 });
  const directory = copyOf(household.directory, join(root, 'undisturbed'));
  undisturbed = await withRuntime(directory, shift, async (runtime) => {
    await takeIn(runtime, household, household.pushes);
    await transform(runtime);
    return dump(runtime.console);
  });
});
afterAll(() => removeDirectory(root));

/** Pushes everything at a server that dies on the way. */
async function loadUntilDeath(directory: string, step: string, occurrence: number): Promise<Acknowledged> {
  const child = startChild(server, [directory, String(shift), step, String(occurrence)]);
  const death = new AbortController();
  const ended = child.ended().then((end) => (death.abort(), end));
  const acknowledged = await load(String(await child.line()), household, death.signal);
  expect(death.signal.aborted).toBe(true);
  expect(await ended).toBe('SIGKILL');
  return acknowledged;
}

// Some 90 objects come in 150 requests. Folders are synced when they are made, too: about 60 times before the first acknowledgement.
test.each([
  ['opened', 40],
  ['written', 40],
  ['synced', 40],
  ['linked', 40],
  ['directory synced', 120],
  ['event published', 40],
  ['reply begun', 40],
])(
  'kill -9 under load right after "%s": what was acknowledged is there, whole, and the tables become the same',
  async (step, occurrence) => {
    const directory = copyOf(household.directory, join(temporaryDirectory(), 'data'));
    const before = await loadUntilDeath(directory, step, occurrence);
    expect(before.size).toBeGreaterThan(5);
    expect(before.size).toBeLessThan(household.pushes.length - 5);
    expect(rawFiles(directory).length).toBeGreaterThan(before.size);
    expect(torn(directory)).toEqual([]);

    // The next server has the directory at once, and whoever was not answered sends again; so does everybody else.
    const next = startChild(server, [directory, String(shift)]);
    const after = await load(String(await next.line()), household, new AbortController().signal);
    const written = [...before.keys()].flatMap((push) => after.get(push) ?? [undefined]);
    expect(written.filter((objects) => objects !== 0)).toEqual([]);
    await next.kill();
    expect(torn(directory)).toEqual([]);

    await withRuntime(directory, shift, async (runtime) => {
      await transform(runtime);
      expect(await dump(runtime.console)).toEqual(undisturbed);
    });
  },
);
