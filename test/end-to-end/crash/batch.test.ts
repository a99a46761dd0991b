import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transform } from '../../../app/transform.ts';
import { openRuntime } from '../../../local/runtime.ts';
import { startChild } from '../../support/child.ts';
import { makeDirectory, removeDirectory, temporaryDirectory } from '../../support/directory.ts';
import { createShiftedClock, untilNoon } from './clock.ts';
import { differences, dump } from './dump.ts';
import { copyOf, makeHousehold, takeIn, withRuntime } from './household.ts';
import { litter } from './lake.ts';
import { AFTER_SWITCH, BEFORE_SWITCH, STEPS, WHILE_HEALING } from './points.ts';

const batch = new URL('batch.child.ts', import.meta.url);
const shift = untilNoon();
const root = makeDirectory();
/** Leaves the batch a part of the processor. */
const LOOK_AGAIN_MS = 150;
/** A data directory with one published batch, and objects for the next. */
const waiting = join(root, 'waiting');
let old: string;
let fresh: string;

beforeAll(async () => {
  const household = await makeHousehold(waiting, shift, { days: 3, people: 2 });
  const half = Math.floor(household.pushes.length / 2);
  await withRuntime(waiting, shift, async (runtime) => {
    await takeIn(runtime, household, household.pushes.slice(0, half));
    await transform(runtime);
    await takeIn(runtime, household, household.pushes.slice(half));
    old = (await dump(runtime.console)).join('\n');
  });
  fresh = await withRuntime(copyOf(waiting, join(root, 'undisturbed')), shift, async (runtime) => {
    await transform(runtime);
    return (await dump(runtime.console)).join('\n');
  });
  expect(fresh === old).toBe(false);
});
afterAll(() => removeDirectory(root));

/** Runs a batch that dies while a reader of this process looks on; answers what the reader saw, in order, and then sees. */
async function watchDeath(directory: string, point: string): Promise<{ seen: string[]; now: string }> {
  return withRuntime(directory, shift, async ({ console, clock }) => {
    const seen = [(await dump(console)).join('\n')];
    const child = startChild(batch, [directory, String(shift), point]);
    const life = { ended: false };
    const ended = child.ended().finally(() => (life.ended = true));
    while (!life.ended) {
      seen.push((await dump(console)).join('\n'));
      await clock.sleep(LOOK_AGAIN_MS);
    }
    expect(await ended).toBe('SIGKILL');
    return { seen, now: (await dump(console)).join('\n') };
  });
}

/** Runs the next batch; the lease of the dead one holds for a quarter of an hour, and is not waited for. */
async function heal(directory: string): Promise<void> {
  const clock = { ...createShiftedClock(shift), sleep: () => Promise.reject(new Error('It waited for the dead.')) };
  const runtime = await openRuntime({ dataDir: directory, zone: 'UTC', clock });
  try {
    await transform(runtime);
    expect(litter(directory)).toEqual([]);
    expect(differences(fresh.split('\n'), await dump(runtime.console))).toEqual([]);
  } finally {
    await runtime.close();
  }
}

describe('a batch that dies before the pointer is renamed changes nothing for readers, and the next one heals', () => {
  test.each([...STEPS.before, ...Object.keys(BEFORE_SWITCH)])('%s', async (point) => {
    const directory = copyOf(waiting, join(temporaryDirectory(), 'data'));
    const { seen, now } = await watchDeath(directory, point);
    expect([...seen, now].filter((tables) => tables !== old)).toEqual([]);
    await heal(directory);
  });
});

test('a batch that dies while it clears away what a dead one left is healed by the third', async () => {
  const directory = copyOf(waiting, join(temporaryDirectory(), 'data'));
  for (const point of ['a table file has got its name', WHILE_HEALING]) {
    const { seen, now } = await watchDeath(directory, point);
    expect([...seen, now].filter((tables) => tables !== old)).toEqual([]);
  }
  await heal(directory);
});

describe('a batch that dies after the pointer is renamed has published everything, and the next one tidies up', () => {
  test.each([...Object.keys(AFTER_SWITCH), ...STEPS.after])('%s', async (point) => {
    const directory = copyOf(waiting, join(temporaryDirectory(), 'data'));
    const { seen, now } = await watchDeath(directory, point);
    expect(seen[0] === old).toBe(true);
    expect(seen.filter((tables) => tables !== old && tables !== fresh)).toEqual([]);
    expect(now === fresh).toBe(true);
    await heal(directory);
  });
});
