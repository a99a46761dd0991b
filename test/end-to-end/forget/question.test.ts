import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrive, choose, pendingChoice, start } from '../../../app/connect.ts';
import { oauthProvider } from '../../../app/connect/setup.ts';
import { accountOf } from '../../../providers/kit/account.ts';
import type { LocalRuntime } from '../../../local/runtime.ts';
import { openAnswering } from '../../support/answering.ts';
import { makeDirectory, removeDirectory, temporaryDirectory } from '../../support/directory.ts';
import { untilNoon } from '../crash/clock.ts';
import { copyOf } from '../crash/household.ts';
import { filesThatHold } from './canary.ts';
import { MAIL, NAME, RING, TOKENS, at, furnish, type Home } from './home.ts';
import { expectGone as gone, forgotten } from './steps.ts';

const root = makeDirectory();
const full = join(root, 'full');
const shift = untilNoon();
const BROWSER = 'B'.repeat(43);
const SECOND = 'second-ring-of-zephyrine';
const GRANT = ['access-of-the-second-ring', 'refresh-of-the-second-ring'] as const;
const secrets = [NAME, MAIL, ...TOKENS, RING, SECOND, ...GRANT];
let home: Home;

beforeAll(async () => {
  home = await at(full, shift, 'http://127.0.0.1:9', furnish);
});
afterAll(() => removeDirectory(root));

/** The ring's company: every code is for her second account. `revoked` are the access tokens that were given back. */
async function openRing() {
  const revoked: string[] = [];
  const { url } = await openAnswering((response, { path }) => {
    const { pathname, searchParams } = new URL(path, 'http://ring.invalid');
    if (pathname === '/oauth/revoke') revoked.push(searchParams.get('access_token') ?? '');
    const grant = { access_token: GRANT[0], refresh_token: GRANT[1], expires_in: 86_400 };
    const answer = pathname === '/oauth/token' ? grant : { id: SECOND };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  return { url, revoked };
}

/** Her grant of a second account waits for her word; another flow of hers is under way. Answers the question's id. */
async function openQuestion(runtime: LocalRuntime): Promise<string> {
  const wanted = { provider: 'oura', userId: home.ann.user_id, browser: BROWSER };
  const search = `?code=c&state=${new URL(await start(runtime, wanted)).searchParams.get('state') ?? ''}`;
  const arrived = await arrive(runtime, oauthProvider('oura'), { search, browser: BROWSER });
  expect(arrived).toEqual({ kind: 'choice' });
  await start(runtime, wanted);
  return (await pendingChoice(runtime, 'oura', BROWSER))?.id ?? '';
}

const expectGone = (runtime: LocalRuntime, said: string) =>
  gone(runtime, home, { secrets, accounts: [accountOf('oura', SECOND)], said });

test('a grant that waits for an answer is given back and goes with everything else, flows under way too', async () => {
  const directory = copyOf(full, join(temporaryDirectory(), 'data'));
  const ring = await openRing();
  await at(directory, shift, ring.url, async (runtime) => {
    const id = await openQuestion(runtime);
    expect(filesThatHold(directory, [SECOND])).not.toEqual([]);
    await forgotten(runtime, home);
    expect(ring.revoked.toSorted()).toEqual([GRANT[0], TOKENS[0]].toSorted());
    await expectGone(runtime, 'afterwards');
    expect(await choose(runtime, BROWSER, { id, add: true })).toEqual({ kind: 'over' });
    await expectGone(runtime, 'after a late answer');
  });
});

test('whenever the answer comes while she is forgotten, it brings nothing of her back', async () => {
  const ring = await openRing();
  const whole = copyOf(full, join(root, 'whole'));
  const steps = await at(whole, shift, ring.url, async (runtime) => {
    await openQuestion(runtime);
    return forgotten(runtime, home);
  });
  expect(steps).toBeGreaterThan(100);
  // The first steps find out what is hers and write the tombstone; the others are looked at here and there.
  const first = Array.from({ length: 5 }, (_, n) => 1 + 12 * n);
  const others = Array.from({ length: 5 }, (_, n) => 60 + Math.floor(((steps - 60) * n) / 5));
  for (const step of [...first, ...others]) {
    ring.revoked.length = 0;
    const directory = copyOf(full, join(root, `answered-${step}`));
    await at(directory, shift, ring.url, async (runtime) => {
      const id = await openQuestion(runtime);
      const answers: Promise<unknown>[] = [];
      await forgotten(runtime, home, step, () => answers.push(choose(runtime, BROWSER, { id, add: true })));
      await Promise.all(answers);
      expect(answers).toHaveLength(1);
      expect(ring.revoked, `given back, step ${step}`).toContain(GRANT[0]);
      await expectGone(runtime, `answered at step ${step} of ${steps}`);
    });
    removeDirectory(directory);
  }
});
