import { expect, test } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../app/api.ts';
import { link } from '../../app/connections.ts';
import { addUser } from '../../app/people.ts';
import { startSession } from '../../app/session.ts';
import { status } from '../../app/status.ts';
import { type Published, OWNER_TOKEN, dayRow, openPages } from '../support/pages.ts';

const rowShape = z.record(z.string(), z.unknown());
const answerShape = z.object({
  items: z.array(rowShape),
  next_cursor: z.string().nullable(),
  freshness: z.array(rowShape).optional(),
});

const OWNER = { authorization: `Bearer ${OWNER_TOKEN}` };

/** Two people, Ana and Bo, and the API over the rows given for them. */
async function openApi(rows: (ana: string, bo: string) => Published = () => ({})) {
  const { runtime, tables } = openPages();
  const [ana, bo] = [await addUser(runtime, { name: 'Ana' }), await addUser(runtime, { name: 'Bo' })];
  tables.published = rows(ana.user_id, bo.user_id);
  const api = createApi(runtime);
  const get = (path: string, headers: Record<string, string> = OWNER) =>
    Promise.resolve(api.request(path, { headers }));
  const list = async (path: string) => {
    const response = await get(path);
    expect(response.status, path).toBe(200);
    return answerShape.parse(await response.json());
  };
  return { runtime, tables, ana: ana.user_id, bo: bo.user_id, get, list };
}

const twoDays = (ana: string, bo: string): Published => ({
  daily: [
    dayRow(ana, '2026-03-03', 'steps', 1),
    dayRow(ana, '2026-03-04', 'steps', 2),
    dayRow(ana, '2026-03-04', 'floors_climbed', 0, { winner_source: 'apple/iPhone' }),
    dayRow(bo, '2026-03-04', 'steps', 3),
  ],
});

test('without a token every route answers 401 as a problem and shows nothing', async () => {
  const { get } = await openApi(twoDays);
  const paths = ['/api/v1/daily', '/api/v1/explain', '/api/v1/metrics', '/api/v1/nothing', '/garmin/metrics'];
  for (const path of paths) {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { cookie: 'wellspring=wrong' }] as const) {
      const response = await get(path, headers);
      expect(response.status, path).toBe(401);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject({ status: 401, code: 'not_signed_in' });
    }
  }
});

test('too many wrong tokens are answered 429 with the time to wait', async () => {
  const { get } = await openApi();
  for (let n = 0; n < 20; n += 1) await get('/api/v1/daily', { authorization: `Bearer guess-${n}` });
  const response = await get('/api/v1/daily');
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('60');
});

test('the owner without a user_id gets everybody, zero as zero', async () => {
  const { list, ana, bo } = await openApi(twoDays);
  const { items, next_cursor } = await list('/api/v1/daily');
  const by = (user: string) => items.filter((item) => item['user_id'] === user).map((item) => item['value']);
  expect(by(ana)).toEqual([1, 0, 2]);
  expect(by(bo)).toEqual([3]);
  expect(next_cursor).toBeNull();
});

test('rows are chosen by person, days and metric', async () => {
  const { list, ana } = await openApi(twoDays);
  const query = `/api/v1/daily?user_id=${ana}&from=2026-03-04&to=2026-03-04`;
  expect((await list(query)).items.map((item) => item['metric'])).toEqual(['floors_climbed', 'steps']);
  expect((await list(`${query}&metric=steps`)).items.map((item) => item['value'])).toEqual([2]);
  expect((await list('/api/v1/daily?user_id=Ana')).items).toHaveLength(3);
});

test('cursors walk through all rows', async () => {
  const { list } = await openApi(twoDays);
  const first = await list('/api/v1/daily?limit=1');
  const seen = [...first.items];
  for (let cursor = first.next_cursor; cursor !== null;) {
    const page = await list(`/api/v1/daily?limit=1&cursor=${cursor}`);
    seen.push(...page.items);
    cursor = page.next_cursor;
  }
  expect(seen).toEqual((await list('/api/v1/daily')).items);
});

test('an unchanged answer is 304, a changed one is not', async () => {
  const { get, tables, ana } = await openApi(twoDays);
  const etag = (await get('/api/v1/daily')).headers.get('etag') ?? '';
  expect(etag).not.toBe('');
  const again = await get('/api/v1/daily', { ...OWNER, 'if-none-match': etag });
  expect([again.status, await again.text()]).toEqual([304, '']);
  tables.published = { daily: [dayRow(ana, '2026-03-04', 'steps', 7)] };
  expect((await get('/api/v1/daily', { ...OWNER, 'if-none-match': etag })).status).toBe(200);
});

test.each([
  ['from=2026-02-30', 'from'],
  ['to=yesterday', 'to'],
  ['limit=0', 'limit'],
  ['limit=x', 'limit'],
  ['metric=steps%27--', 'metric'],
  ['cursor=nonsense', 'cursor'],
  ['from=2026-03-05&to=2026-03-04', 'from'],
])('%s is refused naming %s', async (query, name) => {
  const { get } = await openApi();
  const response = await get(`/api/v1/daily?${query}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'invalid_query', detail: expect.stringContaining(name) });
});

test('an unknown person, provider or view is 404', async () => {
  const { get } = await openApi();
  for (const path of [
    '/api/v1/daily?user_id=nobody',
    '/api/v1/providers/nope/metrics',
    '/api/v1/providers/garmin/nope',
  ])
    expect((await get(path)).status, path).toBe(404);
  expect((await get('/api/v1/providers/garmin/constructor')).status).toBe(404);
});

test('a person sees themself, nobody else, and nothing of the machine', async () => {
  const { runtime, get, ana, bo } = await openApi(twoDays);
  const secret = await startSession(runtime, { role: 'person', userId: bo });
  const headers = { cookie: `wellspring=${secret}` };
  const url = 'http://127.0.0.1:8787';
  const mine = answerShape.parse(await (await get(`${url}/api/v1/daily`, headers)).json());
  expect(mine.items.map((item) => item['user_id'])).toEqual([bo]);
  const forbidden = [
    `/api/v1/daily?user_id=${ana}`,
    '/api/v1/daily?user_id=nobody',
    `/api/v1/explain?user_id=${ana}&day=2026-03-04&metric=steps`,
    `/api/v1/connections?user_id=${ana}`,
    `/garmin/metrics?user_id=${ana}`,
    `/api/v1/quarantine?user_id=${ana}`,
    '/api/v1/batches',
  ];
  for (const path of forbidden) {
    const response = await get(`${url}${path}`, headers);
    expect([path, response.status]).toEqual([path, 403]);
    expect(await response.json()).toMatchObject({ code: 'forbidden' });
  }
});

test('a provider view holds the values that provider won, with freshness', async () => {
  const { runtime, list, ana, tables } = await openApi(twoDays);
  const { connection } = await link(runtime, { provider: 'garmin', user: { user_id: ana }, externalId: 'g-1' });
  tables.published = {
    ...tables.published,
    queries: { last_days: [{ account: connection.account, last_data_day: '2026-03-04' }] },
  };
  const page = await list(`/garmin/metrics?user_id=${ana}&from=2026-03-04&to=2026-03-04`);
  expect(page.items.map((item) => [item['metric'], item['value']])).toEqual([['steps', 2]]);
  expect(page.freshness).toMatchObject([{ provider: 'garmin', user_id: ana, last_data_day: '2026-03-04' }]);
  expect(await list(`/api/v1/providers/garmin/metrics?user_id=${ana}&from=2026-03-04&to=2026-03-04`)).toEqual(page);
});

const meal = (user: string, provider = 'myfitnesspal') => ({
  user_id: user,
  provider,
  local_date: '2026-03-04',
  meal: `Lunch of ${provider}`,
  energy_kcal: 0,
});

test('the food view holds the rows of the diary, and of no other source', async () => {
  const { list, ana } = await openApi((one) => ({ meals: [meal(one), meal(one, 'apple')] }));
  expect((await list('/myfitnesspal/food')).items).toEqual([meal(ana)]);
});

test('metrics are listed', async () => {
  const { list } = await openApi();
  const { items } = await list('/api/v1/metrics');
  expect(items.find((item) => item['metric'] === 'steps')).toMatchObject({ title: 'Steps', unit: 'count' });
});

test('connections are listed as `status` tells them', async () => {
  const { runtime, list, ana, bo } = await openApi();
  await link(runtime, { provider: 'garmin', user: { user_id: ana }, externalId: 'g-1' });
  await link(runtime, { provider: 'garmin', user: { user_id: bo }, externalId: 'g-2' });
  const told = await status(runtime);
  expect(told.map((row) => row.problem)).not.toContain(null);
  expect((await list('/api/v1/connections')).items).toEqual(told);
  expect((await list('/api/v1/connections?user_id=Bo')).items).toEqual(told.filter((row) => row.user_id === bo));
});

test('answers are private to the one who asked', async () => {
  const { get } = await openApi();
  const { headers } = await get('/api/v1/daily');
  expect(headers.get('cache-control')).toBe('private, no-cache');
  expect(headers.get('vary')).toContain('Cookie');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('freshness holds the rows of the table with what is late now', async () => {
  const row = { provider: 'garmin', account: 'a_g', state: 'active', cause: null, remedy: null, by_hand: null };
  const { list, ana } = await openApi((id) => ({
    queries: {
      freshness: [
        // It is 08:00Z on 5 March.
        { ...row, user_id: id, metric: 'spo2_pct', last_day: '2026-03-01', expected_by: '2026-03-05T07:59:00.000Z' },
        { ...row, user_id: id, metric: 'steps', last_day: '2026-03-04', expected_by: '2026-03-05T08:01:00.000Z' },
      ],
    },
  }));
  const { items } = await list(`/api/v1/freshness?user_id=${ana}`);
  expect(items).toMatchObject([
    { metric: 'spo2_pct', late: true, cause: 'provider_silent', remedy: 'look_at_source' },
    { metric: 'steps', late: false, cause: null, remedy: null },
  ]);
  const first = await list(`/api/v1/freshness?user_id=${ana}&limit=1`);
  const rest = await list(`/api/v1/freshness?user_id=${ana}&limit=1&cursor=${first.next_cursor}`);
  expect([...first.items, ...rest.items]).toEqual(items);
  expect((await list(`/api/v1/freshness?user_id=${ana}&metric=steps&from=2026-03-02`)).items).toHaveLength(1);
});
