import { expect, test } from 'vitest';
import { createApi } from '../../../app/api.ts';
import { addUser, listUsers } from '../../../app/people.ts';
import { startSession } from '../../../app/session.ts';
import { listConnections } from '../../../app/connections.ts';
import { ORIGIN, OWNER_TOKEN, openPages } from '../../support/pages.ts';

/** Ana is a person with a session, the owner has one, too. */
async function open() {
  const { runtime } = openPages();
  const ana = await addUser(runtime, { name: 'Ana' });
  const api = createApi(runtime);
  const [person, owner] = await Promise.all([
    startSession(runtime, { role: 'person', userId: ana.user_id }),
    startSession(runtime, { role: 'owner' }),
  ]);
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: object) =>
    api.request(`${ORIGIN}${path.replace('{id}', ana.user_id)}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  return { runtime, ana, ask, person: `wellspring=${person}`, owner: `wellspring=${owner}` };
}

/** Every route of the owner's, with a body it would take. */
const ROUTES: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', '/api/v1/users'],
  ['GET', '/api/v1/urls'],
  ['GET', '/api/v1/tickets/t'],
  ['POST', '/api/v1/users', { name: 'Ben' }],
  ['PATCH', '/api/v1/users/{id}', { name: 'Anna' }],
  ['POST', '/api/v1/users/{id}/invite'],
  ['POST', '/api/v1/link/garmin', { user_id: 'Ana', external_id: 'g-1' }],
  ['POST', '/api/v1/disconnect/garmin', { user_id: 'Ana' }],
  ['POST', '/api/v1/connect/withings', { user_id: 'Ana' }],
  ['POST', '/api/v1/process'],
];

test('a person is refused every one of them, whatever the body holds, and nothing happens', async () => {
  const { runtime, ana, ask, person } = await open();
  for (const [method, path, body] of ROUTES) {
    for (const sent of [body, { nonsense: true }]) {
      const answer = await ask(method, path, { cookie: person, origin: ORIGIN }, method === 'GET' ? undefined : sent);
      expect([answer.status, await answer.json()], `${method} ${path}`).toMatchObject([403, { code: 'owner_only' }]);
    }
  }
  expect(await listUsers(runtime)).toEqual([ana]);
  expect(await listConnections(runtime)).toEqual([]);
  expect([await runtime.state.list('invite'), await runtime.state.list('ticket')]).toEqual([[], []]);
});

test("an owner's cookie changes something from our own pages alone, a token from anywhere", async () => {
  const { runtime, ana, ask, owner } = await open();
  for (const [method, path, body] of ROUTES.filter(([verb]) => verb !== 'GET')) {
    for (const origin of [{ origin: 'https://elsewhere.example' }, {}]) {
      const answer = await ask(method, path, { cookie: owner, ...origin }, body);
      expect([answer.status, await answer.json()], `${method} ${path}`).toMatchObject([403, { code: 'other_origin' }]);
    }
  }
  expect(await listUsers(runtime)).toEqual([ana]);
  const authorization = `Bearer ${OWNER_TOKEN}`;
  expect((await ask('POST', '/api/v1/users', { authorization }, { name: 'Ben' })).status).toBe(200);
  expect((await ask('POST', '/api/v1/users', { cookie: owner, origin: ORIGIN }, { name: 'Cem' })).status).toBe(200);
  expect((await listUsers(runtime)).map(({ name }) => name)).toEqual(['Ana', 'Ben', 'Cem']);
});

test('what holds addresses with secrets is kept by nobody on the way', async () => {
  const { ask } = await open();
  const authorization = `Bearer ${OWNER_TOKEN}`;
  for (const [method, path, body] of ROUTES.slice(0, 7)) {
    const answer = await ask(method, path, { authorization }, body);
    expect(answer.headers.get('cache-control'), `${method} ${path} ${answer.status}`).toBe('no-store');
  }
});

test('a person may read themself and their own morning text, and nobody else', async () => {
  const { runtime, ana, ask, person } = await open();
  const ben = await addUser(runtime, { name: 'Ben' });
  const cookie = { cookie: person };
  expect(await (await ask('GET', '/api/v1/users/{id}', cookie)).json()).toEqual({ user: ana });
  const own = await ask('GET', '/api/v1/summary', cookie);
  expect([own.status, await own.json()]).toMatchObject([200, { user_id: ana.user_id, kind: 'summary' }]);
  for (const path of [`/api/v1/users/${ben.user_id}`, `/api/v1/summary?user_id=${ben.user_id}`, '/api/v1/users/Ben']) {
    const answer = await ask('GET', path, cookie);
    expect([answer.status, await answer.json()], path).toMatchObject([403, { code: 'forbidden' }]);
  }
});

test('forgetting somebody still takes a session, and a field nobody knows is refused', async () => {
  const { ask, ana, runtime } = await open();
  const headers = { authorization: `Bearer ${OWNER_TOKEN}` };
  const answer = await ask('DELETE', '/api/v1/users/{id}', headers, { confirm: 'Ana' });
  expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'session_needed' }]);
  const typo = await ask('PATCH', '/api/v1/users/{id}', headers, { zones: 'Europe/Rome' });
  expect([typo.status, await typo.json()]).toMatchObject([400, { code: 'invalid_query' }]);
  expect(await listUsers(runtime)).toEqual([ana]);
});
