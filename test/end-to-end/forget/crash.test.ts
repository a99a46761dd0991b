import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forget, resumeForgetting } from '../../../app/forget.ts';
import { accountOf } from '../../../providers/kit/account.ts';
import { createChance } from '../../../local/sandbox/chance.ts';
import { createPremises } from '../../../local/premises.ts';
import { startChild } from '../../support/child.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { untilNoon } from '../crash/clock.ts';
import { dump } from '../crash/dump.ts';
import { copyOf } from '../crash/household.ts';
import { filesThatHold } from './canary.ts';
import { ANN, MAIL, NAME, RING, TOKENS, VALUES, at, furnish, type Home } from './home.ts';

const CHILD = new URL('forget.child.ts', import.meta.url);
const KILLS = 20;
/** Nobody answers there, so every run ends with the same word about the provider. */
const NOWHERE = 'http://127.0.0.1:9';
const root = makeDirectory();
const full = join(root, 'full');
const shift = untilNoon();
let home: Home;

interface End {
  readonly rows: readonly string[];
  readonly kinds: readonly string[];
  readonly found: readonly string[];
  readonly places: unknown;
}

/** What is left in a directory, and what the receipt says. */
async function endOf(directory: string): Promise<End> {
  return at(directory, shift, NOWHERE, async (runtime) => {
    const receipt = await forget(runtime, createPremises(directory), home.ann.user_id);
    expect(receipt).toMatchObject({ found: {}, finished_at: expect.any(String) });
    const phone = home.token.split('.')[0] ?? '';
    const accounts = [accountOf('garmin', ANN), accountOf('apple', phone), accountOf('oura', RING)];
    const outside = filesThatHold(directory, [home.ann.user_id, ...accounts]);
    return {
      rows: await dump(runtime.console),
      kinds: (await runtime.state.everything()).map(({ kind }) => kind),
      found: [
        ...filesThatHold(directory, [NAME, MAIL, ANN, RING, phone, ...TOKENS, ...VALUES]),
        ...outside.filter((found) => !found.startsWith('state.db')),
      ],
      places: receipt.places,
    };
  });
}

beforeAll(async () => {
  home = await at(full, shift, NOWHERE, furnish);
});
afterAll(() => removeDirectory(root));

/** How many steps there are undisturbed, and what they come to. */
async function undisturbed(): Promise<{ readonly steps: number; readonly end: End }> {
  const whole = copyOf(full, join(root, 'whole'));
  const steps = Number(await startChild(CHILD, [whole, String(shift), NOWHERE, home.ann.user_id, '0']).line());
  const end = await endOf(whole);
  expect(end.found).toEqual([]);
  expect(steps).toBeGreaterThan(200);
  return { steps, end };
}

test(`V2: killed at ${KILLS} moments, and again while it goes on, it comes to the same end`, async () => {
  const chance = createChance('forget');
  const { steps, end } = await undisturbed();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const directory = copyOf(full, join(root, `killed-${kill}`));
    // Spread over the whole way; every fourth is killed a second time.
    const first = 1 + Math.floor((kill * steps) / KILLS) + chance.int(0, Math.floor(steps / KILLS) - 1);
    for (const step of kill % 4 === 0 ? [first, chance.int(1, 60)] : [first]) {
      const child = startChild(CHILD, [directory, String(shift), NOWHERE, home.ann.user_id, String(step)]);
      expect(['SIGKILL', 0], `step ${step}`).toContain(await child.ended());
    }
    // Sometimes the person runs it again, sometimes the sweep finds the tombstone.
    if (kill % 2 === 0) {
      await at(directory, shift, NOWHERE, (runtime) => resumeForgetting(runtime, createPremises(directory)));
    }
    expect(await endOf(directory), `killed at step ${first} of ${steps}`).toEqual(end);
    removeDirectory(directory);
  }
});
