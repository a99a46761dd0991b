import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectFile, link } from '../../../app/connections.ts';
import type { LocalRuntime } from '../../../local/runtime.ts';
import { accountOf } from '../../../providers/kit/account.ts';
import { openAnswering } from '../../support/answering.ts';
import { makeDirectory, removeDirectory } from '../../support/directory.ts';
import { untilNoon } from '../crash/clock.ts';
import { copyOf } from '../crash/household.ts';
import { ANN, MAIL, NAME, RING, TOKENS, at, furnish, type Home } from './home.ts';
import { expectGone, forgotten } from './steps.ts';

const root = makeDirectory();
const full = join(root, 'full');
const shift = untilNoon();
const NEW = 'new-account-of-zephyrine';
let home: Home;

beforeAll(async () => {
  home = await at(full, shift, 'http://127.0.0.1:9', furnish);
});
afterAll(() => removeDirectory(root));

/** How all ways end to tie something to her by what is known already: an account that is hers, new ones, a token, a file. */
async function ties(runtime: LocalRuntime): Promise<readonly PromiseSettledResult<unknown>[]> {
  const user = home.ann;
  return Promise.allSettled([
    link(runtime, { provider: 'garmin', user, externalId: ANN }),
    link(runtime, { provider: 'garmin', user, externalId: NEW }),
    link(runtime, { provider: 'apple', user }),
    link(runtime, { provider: 'apple', user, fresh: true }),
    connectFile(runtime, { provider: 'garmin', external_id: ANN, user_id: user.user_id }),
    connectFile(runtime, { provider: 'myfitnesspal', external_id: NEW, user_id: user.user_id }),
  ]);
}

test('whenever something is tied to her while she is forgotten, it is refused or goes with everything else', async () => {
  // Somebody answers where her grant is given back: one that is not told is kept until then.
  const { url: away } = await openAnswering((response) => response.writeHead(200).end('{}'));
  const whole = copyOf(full, join(root, 'whole'));
  const steps = await at(whole, shift, away, (runtime) => forgotten(runtime, home));
  expect(steps).toBeGreaterThan(100);
  // The first steps find out what is hers and write the tombstone; the others are looked at here and there.
  const first = Array.from({ length: 8 }, (_, n) => 1 + 8 * n);
  const others = Array.from({ length: 5 }, (_, n) => 64 + Math.floor(((steps - 64) * n) / 5));
  const ends = new Set<string>();
  // Before the first step, too: from the tombstone on, which is written in one go with what is hers, there is no moment in between.
  for (const step of [0, ...first, ...others]) {
    const directory = copyOf(full, join(root, `tied-${step}`));
    await at(directory, shift, away, async (runtime) => {
      let tied = step === 0 ? ties(runtime) : undefined;
      await tied;
      await forgotten(runtime, home, step, () => void (tied = ties(runtime)));
      const told = (await tied) ?? [];
      expect(told.length).toBeGreaterThan(0);
      for (const end of told) {
        if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'forgotten' });
        ends.add(end.status);
      }
      const accounts = [accountOf('garmin', ANN), accountOf('garmin', NEW), accountOf('myfitnesspal', NEW)];
      const secrets = [NAME, MAIL, ...TOKENS, RING, NEW];
      await expectGone(runtime, home, { secrets, accounts, said: `tied at step ${step} of ${steps}` });
      for (const end of await ties(runtime))
        expect(end).toMatchObject({ status: 'rejected', reason: { code: 'forgotten' } });
    });
    removeDirectory(directory);
  }
  expect([...ends].toSorted()).toEqual(['fulfilled', 'rejected']);
});
