import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrive, choose, pendingChoice, start } from '../../../app/connect.ts';
import { oauthProvider } from '../../../app/connect/setup.ts';
import { forget } from '../../../app/forget.ts';
import { accountOf } from '../../../providers/kit/account.ts';
import { createPremises } from '../../../local/premises.ts';
import type { LocalRuntime } from '../../../local/runtime.ts';
import { openAnswering } from '../../support/answering.ts';
import { makeDirectory, removeDirectory, temporaryDirectory } from '../../support/directory.ts';
import { untilNoon } from '../crash/clock.ts';
import { dump } from '../crash/dump.ts';
import { copyOf } from '../crash/household.ts';
import { filesThatHold } from './canary.ts';
import { MAIL, NAME, RING, TOKENS, at, furnish, type Home } from './home.ts';

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

/** Calls `hook` with the number of each call of an object, before it is made. */
function numbered<T extends object>(subject: T, hook: () => void): T {
  return new Proxy(subject, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]): unknown => {
        hook();
        return Reflect.apply(value, target, parameters);
      };
    },
  });
}

/** Forgets her, and `during` is called at the step given by number; answers how many steps there were. */
async function forgotten(runtime: LocalRuntime, at_ = 0, during: () => void = () => {}): Promise<number> {
  let step = 0;
  const hook = (): void => {
    step += 1;
    if (step === at_) during();
  };
  const { state, objects, vault, dataDir } = runtime;
  const watched = {
    ...runtime,
    state: numbered(state, hook),
    objects: numbered(objects, hook),
    vault: numbered(vault, hook),
  };
  const receipt = await forget(watched, numbered(createPremises(dataDir), hook), home.ann.user_id);
  expect(receipt, `found, with an answer at step ${at_}`).toMatchObject({ found: {} });
  return step;
}

/** Nothing of her is left but the tombstone: no byte in any file, no record, no row. */
async function expectGone(directory: string, runtime: LocalRuntime, said: string): Promise<void> {
  const ids = [home.ann.user_id, accountOf('oura', SECOND)];
  const hers = (text: string): boolean => ids.some((id) => text.includes(id));
  const records = (await runtime.state.everything()).filter((one) => hers(JSON.stringify(one)));
  expect(
    records.map(({ kind }) => kind),
    said,
  ).toEqual(['forget']);
  expect((await dump(runtime.console)).filter(hers), said).toEqual([]);
  expect(await runtime.vault.ids(''), said).toEqual([]);
  expect(filesThatHold(directory, secrets), said).toEqual([]);
}

test('a grant that waits for an answer is given back and goes with everything else, flows under way too', async () => {
  const directory = copyOf(full, join(temporaryDirectory(), 'data'));
  const ring = await openRing();
  await at(directory, shift, ring.url, async (runtime) => {
    const id = await openQuestion(runtime);
    expect(filesThatHold(directory, [SECOND])).not.toEqual([]);
    await forgotten(runtime);
    expect(ring.revoked.toSorted()).toEqual([GRANT[0], TOKENS[0]].toSorted());
    await expectGone(directory, runtime, 'afterwards');
    expect(await choose(runtime, BROWSER, { id, add: true })).toEqual({ kind: 'over' });
    await expectGone(directory, runtime, 'after a late answer');
  });
});

test('whenever the answer comes while she is forgotten, it brings nothing of her back', async () => {
  const ring = await openRing();
  const whole = copyOf(full, join(root, 'whole'));
  const steps = await at(whole, shift, ring.url, async (runtime) => {
    await openQuestion(runtime);
    return forgotten(runtime);
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
      await forgotten(runtime, step, () => answers.push(choose(runtime, BROWSER, { id, add: true })));
      await Promise.all(answers);
      expect(answers).toHaveLength(1);
      expect(ring.revoked, `given back, step ${step}`).toContain(GRANT[0]);
      await expectGone(directory, runtime, `answered at step ${step} of ${steps}`);
    });
    removeDirectory(directory);
  }
});
