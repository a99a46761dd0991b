import { expect, test } from 'vitest';
import { createApi } from '../../../app/api.ts';
import { listGoals } from '../../../app/goals.ts';
import { addUser } from '../../../app/people.ts';
import { startSession } from '../../../app/session.ts';
import { ORIGIN, OWNER_TOKEN, openPages } from '../../support/pages.ts';

const WANTED = { metric: 'steps', direction: 'at_least', target: 8000 };

/** Ana with a session, Ben, and the owner's token. */
async function open() {
  const { runtime } = openPages();
  const [ana, ben] = [await addUser(runtime, { name: 'Ana' }), await addUser(runtime, { name: 'Ben' })];
  const session = await startSession(runtime, { role: 'person', userId: ana.user_id });
  const api = createApi(runtime);
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const answer = await api.request(`${ORIGIN}/api/v1/users/${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return [answer.status, await answer.json()];
  };
  const person = { cookie: `wellspring=${session}`, origin: ORIGIN };
  return { runtime, ana, ben, ask, person, owner: { authorization: `Bearer ${OWNER_TOKEN}` } };
}

test('a person sets, sees and ends their own goals', async () => {
  const { ana, ask, person } = await open();
  const goal = { ...WANTED, goal: 'steps_at_least', user_id: ana.user_id, since: '2026-03-01T00:00:00.000Z' };
  const since = '2026-03-01T01:00:00+01:00';
  expect(await ask('PUT', `${ana.user_id}/goals`, person, { ...WANTED, since })).toEqual([200, { goal }]);
  expect(await ask('GET', `${ana.user_id}/goals`, person)).toEqual([200, { items: [goal], next_cursor: null }]);
  expect(await ask('DELETE', `${ana.user_id}/goals/steps`, person)).toEqual([200, { goal }]);
  expect(await ask('DELETE', `${ana.user_id}/goals/steps`, person)).toMatchObject([404, { code: 'unknown_goal' }]);
});

test('nobody else’s, and not from another site; the owner sets everybody’s', async () => {
  const { runtime, ana, ben, ask, person, owner } = await open();
  for (const [method, path] of [
    ['GET', 'goals'],
    ['PUT', 'goals'],
    ['DELETE', 'goals/steps'],
  ] as const) {
    const body = method === 'PUT' ? WANTED : undefined;
    expect(await ask(method, `${ben.user_id}/${path}`, person, body)).toMatchObject([403, { code: 'forbidden' }]);
    if (method === 'GET') continue;
    const elsewhere = { ...person, origin: 'https://elsewhere.example' };
    const refused = await ask(method, `${ana.user_id}/${path}`, elsewhere, body);
    expect(refused).toMatchObject([403, { code: 'other_origin' }]);
  }
  expect(await listGoals(runtime)).toEqual([]);
  expect(await ask('PUT', 'Ben/goals', owner, WANTED)).toMatchObject([200, { goal: { user_id: ben.user_id } }]);
});

test.each([
  [{ ...WANTED, metric: 'stepz' }, 'unknown_metric'],
  [{ ...WANTED, target: 1e9 }, 'bad_target'],
  [{ ...WANTED, direction: 'about' }, 'invalid_query'],
  [{ ...WANTED, since: 'yesterday' }, 'invalid_query'],
  [{ ...WANTED, more: 1 }, 'invalid_query'],
])('%o is refused as %s', async (body, code) => {
  const { ana, ask, person } = await open();
  expect(await ask('PUT', `${ana.user_id}/goals`, person, body)).toMatchObject([400, { code }]);
});
