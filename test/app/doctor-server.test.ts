import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createApi } from '../../app/api.ts';
import { type Check, examine, examineTogether } from '../../app/doctor/check.ts';
import { noteRound, round } from '../../app/doctor/round.ts';
import { addUser } from '../../app/people.ts';
import { startSession } from '../../app/session.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { openDesk } from '../support/desk.ts';
import { openPages, ORIGIN, OWNER_TOKEN } from '../support/pages.ts';

test.each([
  [60 * 60_000, 'ok', '60 minutes ago'],
  [60 * 60_000 + 1, 'warn', '60 minutes ago'],
])('a round of the sweep that ended %i ms ago is %s', async (agoMs, state, words) => {
  const { runtime, clock } = openDesk();
  expect(await examine([round], runtime)).toMatchObject([{ id: 'sweep', state: 'warn' }]);
  await noteRound(runtime);
  clock.advance(agoMs);
  expect(await examine([round], runtime)).toMatchObject([{ state, detail: expect.stringContaining(words) }]);
});

const check = (id: string, run: Check<{ readonly clock: Clock }>['run']) => ({ id, required: true, run });

test('a check that takes too long is a warning that says so, and the others are told in their order', async () => {
  const clock = createFixedClock(0);
  const all = examineTogether(
    [check('slow', () => new Promise(() => undefined)), check('quick', async () => [{ ok: true, detail: 'Well.' }])],
    { clock },
    20_000,
  );
  // What is quick has answered by then.
  await turn();
  clock.advance(20_000);
  expect(await all).toMatchObject([
    { id: 'slow', state: 'warn', required: false, detail: expect.stringContaining('20 s') },
    { id: 'quick', state: 'ok', required: true },
  ]);
});

test.each([
  ['GET', '/api/v1/doctor'],
  ['POST', '/api/v1/doctor/selftest'],
  ['POST', '/api/v1/redrive'],
])('%s %s is the owner’s: nobody else learns or does anything by it', async (method, path) => {
  const { runtime } = openPages();
  const { user_id: userId } = await addUser(runtime, { name: 'Ana' });
  const cookie = `wellspring=${await startSession(runtime, { role: 'person', userId })}`;
  const ask = async (headers: Record<string, string>) => createApi(runtime).request(path, { method, headers });
  expect((await ask({})).status).toBe(401);
  const refused = await ask({ cookie, origin: ORIGIN });
  expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'owner_only' }]);
});

test('deliveries of the self-test are signed for this address, and hold nothing else', async () => {
  const { runtime } = openPages();
  const headers = { authorization: `Bearer ${OWNER_TOKEN}` };
  const answer = await createApi(runtime).request('/api/v1/doctor/selftest', { method: 'POST', headers });
  const body: unknown = await answer.json();
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const one = {
    url: `${ORIGIN}/webhooks/selftest`,
    headers: {
      'content-type': 'application/json',
      'x-wellspring-signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      'x-wellspring-timestamp': String(runtime.clock.now()),
    },
    body: expect.stringMatching(/^\{"selftest":"[^"]+","number":\d+\}$/),
  };
  expect(body).toEqual({ deliveries: Array.from({ length: 20 }, () => one) });
});
