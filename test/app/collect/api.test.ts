import { expect, test, vi } from 'vitest';
import { createApi } from '../../../app/api.ts';
import { startSession } from '../../../app/session.ts';
import { OWNER_TOKEN, openPages } from '../../support/pages.ts';
import { answering, openStand } from './stand.ts';

vi.mock('../../../providers/index.ts', () => import('./toys.ts'));

const OWNER = { authorization: `Bearer ${OWNER_TOKEN}` };

async function open() {
  const stand = openStand();
  const asked = answering('ring.example', () => [200, '{"data":[]}']);
  const ann = await stand.connect('ring');
  const bob = await stand.connect('ring', { externalId: 'x-2', name: 'Bob' });
  const runtime = { ...openPages().runtime, ...stand.runtime };
  const api = createApi(runtime);
  const post = async (path: string, headers: Record<string, string>) =>
    api.request(`http://127.0.0.1:8787${path}`, { method: 'POST', headers });
  const cookie = async (userId: string) => ({
    cookie: `wellspring=${await startSession(runtime, { role: 'person', userId })}`,
  });
  return { ...stand, asked, ann, bob, post, cookie };
}

test('a fetch is begun and answered 202, with the connections that are asked', async () => {
  const { post, asked, ann, bob } = await open();
  const all = await post('/api/v1/collect/ring', OWNER);
  expect(all.status).toBe(202);
  expect(await all.json()).toEqual({ connections: [ann.connection_id, bob.connection_id].toSorted() });
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  const one = await post(`/api/v1/collect/ring?user_id=${ann.user_id}&metric=sleep_total_s`, OWNER);
  expect(await one.json()).toEqual({ connections: [ann.connection_id] });
  await vi.waitFor(() => expect(asked).toHaveLength(3));
});

test('a person begins their own alone', async () => {
  const { post, cookie, ann, bob, asked } = await open();
  const mine = { ...(await cookie(ann.user_id)), origin: 'http://127.0.0.1:8787' };
  const own = await post('/api/v1/collect/ring', mine);
  expect(await own.json()).toEqual({ connections: [ann.connection_id] });
  expect((await post(`/api/v1/collect/ring?user_id=${bob.user_id}`, mine)).status).toBe(403);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
});

test('a cookie another site makes a browser send begins nothing', async () => {
  const { post, cookie, ann, asked } = await open();
  const session = await cookie(ann.user_id);
  for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null', 'content-type': 'text/plain' }]) {
    expect((await post('/api/v1/collect/ring', { ...session, ...headers })).status).toBe(403);
  }
  expect(asked).toEqual([]);
});

test.each(['moonlight_lx', 'weight_kg', '', '../x'])(
  'the metric %j, which the provider does not give, is 400 and begins nothing',
  async (metric) => {
    const { post, asked } = await open();
    const response = await post(`/api/v1/collect/ring?metric=${encodeURIComponent(metric)}`, OWNER);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'unknown_metric',
      remedy: expect.stringContaining('sleep_total_s'),
    });
    expect(asked).toEqual([]);
  },
);

test.each([
  ['nobody', 404, 'unknown_provider'],
  ['watch', 400, 'no_collect'],
  ['scale', 404, 'not_connected'],
])('of %s it answers %i and says %s', async (provider, status, code) => {
  const { post } = await open();
  const response = await post(`/api/v1/collect/${provider}`, OWNER);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ code });
  expect((await post(`/api/v1/collect/${provider}`, {})).status).toBe(401);
});
