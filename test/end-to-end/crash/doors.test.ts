import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transform } from '../../../app/transform.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { startChild } from '../../support/child.ts';
import { makeDirectory, removeDirectory, temporaryDirectory } from '../../support/directory.ts';
import { untilNoon } from './clock.ts';
import { differences, dump } from './dump.ts';
import { copyOf, makeHousehold, takeIn, withRuntime, type Household } from './household.ts';
import { load, type Acknowledged } from './load.ts';
import { torn } from './raw.ts';

const server = new URL('door.child.ts', import.meta.url);
const shift = untilNoon();
const root = makeDirectory();
let household: Household;
/** The tables of a directory on which nothing ever went wrong. */
let undisturbed: readonly string[];

beforeAll(async () => {
  household = await makeHousehold(join(root, 'household'), shift, { days: 6, people: 4 });
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

/** Kills a server under load, lets everybody send everything again to the next one, and publishes; answers how many were acknowledged. */
async function survive(step: string, occurrence: number): Promise<number> {
  const directory = copyOf(household.directory, join(temporaryDirectory(), 'data'));
  const before = await loadUntilDeath(directory, step, occurrence);
  expect(torn(directory)).toEqual([]);

  // Of what was acknowledged nothing is new to the next server, which has the directory at once.
  const next = startChild(server, [directory, String(shift)]);
  const after = await load(String(await next.line()), household, new AbortController().signal);
  const written = [...before.keys()].flatMap((push) => after.get(push) ?? [undefined]);
  expect(written.filter((objects) => objects !== 0)).toEqual([]);
  await next.kill();
  expect(torn(directory)).toEqual([]);

  await withRuntime(directory, shift, async (runtime) => {
    await transform(runtime);
    expect(differences(undisturbed, await dump(runtime.console))).toEqual([]);
  });
  return before.size;
}

// 100 objects come in 142 requests. Folders are also synced when they are made: some 80 times before the first acknowledgement.
test.each([
  ['opened', 40],
  ['written', 40],
  ['synced', 40],
  ['linked', 40],
  ['directory synced', 120],
  ['event published', 40],
  ['reply begun', 40],
])(
  'kill -9 under load after "%s" loses nothing acknowledged, tears nothing, and changes no table',
  async (step, at) => {
    const acknowledged = await survive(step, at);
    expect(acknowledged).toBeGreaterThan(5);
    expect(acknowledged).toBeLessThan(household.pushes.length - 5);
  },
);

const STEPS = ['opened', 'written', 'synced', 'linked', 'directory synced', 'event published', 'reply begun'];

/** `CRASHES=200` asks for that many more, anywhere; each is the same one the next time. */
const crashes = Array.from({ length: Number(process.env['CRASHES'] ?? 0) }, (_, turn) => {
  const chance = createChance(`crash ${turn}`);
  return [turn, STEPS[chance.int(0, STEPS.length - 1)] ?? '', chance.int(1, 60)] as const;
});

test.each(crashes)('crash %i, after "%s" for the %ith time, loses nothing either', async (_, step, at) => {
  await survive(step, at);
});
