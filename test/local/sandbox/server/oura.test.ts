import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createChance } from '../../../../local/sandbox/chance.ts';
import { NO_FAULTS } from '../../../../local/sandbox/fault.ts';
import { noticeOf } from '../../../../local/sandbox/server/oura/notice.ts';
import { createWorld } from '../../../../local/sandbox/server/world.ts';
import { fixture } from '../../../support/fixture.ts';
import { DAY_S, held, holding, NOW_S, openSandbox, ouraTokens, patientClock, readTokens } from './harness.ts';

const USER = '00000000-0000-4000-8000-00000000000a';
const nights = Array.from({ length: 7 }, (_, at) => held('sleep', at + 1));
const beat = held('heartrate', 0, { fromS: NOW_S - 600, id: 'beat', knownAtS: NOW_S });
const options = { holdings: [holding('oura', USER, [...nights, beat])], pageSize: 3 };
const sample = (name: string) => Object(JSON.parse(fixture(`oura/${name}.json`)));
const COLLECTION = '/oura/v2/usercollection';

test('tokens have the fields of a documented answer, and live as long', async () => {
  const { answer } = await ouraTokens(await openSandbox(options), USER);
  const documented = sample('oauth_token_response');
  expect(Object.keys(answer).toSorted()).toEqual(Object.keys(documented).toSorted());
  expect(answer).toMatchObject({ token_type: 'bearer', expires_in: documented.expires_in });
});

test('a refresh token works once, and the second use ends everything', async () => {
  const opened = await openSandbox(options);
  const first = await ouraTokens(opened, USER);
  const basic = { authorization: `Basic ${btoa('oura-id:oura-secret')}` };
  const refresh = (token: string) => {
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token });
    return fetch(`${opened.url}/oura/oauth/token`, { method: 'POST', headers: basic, body });
  };
  const second = readTokens(await (await refresh(first.refresh)).json());
  const info = () => opened.get(`${COLLECTION}/personal_info`, second.access);
  expect((await info()).status).toBe(200);
  const again = await refresh(first.refresh);
  expect([again.status, await again.json()]).toEqual([400, { error: 'invalid_grant' }]);
  expect((await info()).status).toBe(401);
});

test('the profile has the fields of the sample for those whose scopes allow it, and always the id', async () => {
  const opened = await openSandbox(options);
  const all = await ouraTokens(opened, USER);
  const profile = await (await opened.get(`${COLLECTION}/personal_info`, all.access)).json();
  expect(Object.keys(Object(profile)).toSorted()).toEqual(Object.keys(sample('personal_info')).toSorted());
  const daily = await ouraTokens(opened, USER, 'daily');
  expect(await (await opened.get(`${COLLECTION}/personal_info`, daily.access)).json()).toEqual({ id: USER });
});

test('pages of a window follow each other by next_token and hold everything once', async () => {
  const opened = await openSandbox(options);
  const { access } = await ouraTokens(opened, USER);
  const window = `start_date=${nights[6]?.day}&end_date=${nights[1]?.day}`;
  const days: string[] = [];
  const sizes: number[] = [];
  for (let token: string | null = ''; token !== null;) {
    const page: { data: { day: string }[]; next_token: string | null } = Object(
      await (await opened.get(`${COLLECTION}/sleep?${window}&next_token=${token}`, access)).json(),
    );
    expect(Object.keys(page)).toEqual(['data', 'next_token']);
    days.push(...page.data.map((row) => row.day));
    sizes.push(page.data.length);
    token = page.next_token;
  }
  // Both ends belong to it: the days 7 to 2 before today.
  expect(days).toEqual(
    nights
      .slice(1)
      .map(({ day }) => day)
      .toReversed(),
  );
  expect(sizes).toEqual([3, 3]);
});

test('heart rate is asked for by instants, one document by its id', async () => {
  const opened = await openSandbox(options);
  const { access } = await ouraTokens(opened, USER);
  const beats = async (fromS: number) => {
    const [start, end] = [fromS, NOW_S].map((s) => new Date(s * 1000).toISOString());
    const path = `${COLLECTION}/heartrate?start_datetime=${start}&end_datetime=${end}`;
    return Object(await (await opened.get(path, access)).json()).data;
  };
  expect(await beats(NOW_S - 600)).toEqual([beat.record]);
  expect(await beats(NOW_S - 599)).toEqual([]);
  expect(await (await opened.get(`${COLLECTION}/sleep/sleep-2`, access)).json()).toEqual(nights[1]?.record);
  expect((await opened.get(`${COLLECTION}/sleep/nobody`, access)).status).toBe(404);
});

test('what is wrong is told by the HTTP status', async () => {
  const opened = await openSandbox(options);
  const { access } = await ouraTokens(opened, USER, 'daily');
  const status = async (path: string, token = access) => (await opened.get(`${COLLECTION}/${path}`, token)).status;
  expect(await status('sleep', 'nonsense')).toBe(401);
  expect(await status('workout')).toBe(403);
  // Two scopes the documents do not name are answered 401.
  expect(await status('daily_stress')).toBe(401);
  expect(await status('vO2_max')).toBe(401);
  expect(await status('vo2_max')).toBe(404);
  expect(await status('sleep?start_date=yesterday')).toBe(422);
  opened.clock.advance(DAY_S * 1000);
  expect(await status('sleep')).toBe(401);
});

test('above the limit comes 429 with the headers that tell when to go on', async () => {
  const opened = await openSandbox({ ...options, limits: { oura: { requests: 1, windowS: 300 } } });
  const { access } = await ouraTokens(opened, USER);
  await opened.get(`${COLLECTION}/sleep`, access);
  opened.clock.advance(100_000);
  const answer = await opened.get(`${COLLECTION}/sleep`, access);
  expect(answer.status).toBe(429);
  const headers = ['retry-after', 'x-ratelimit-limit', 'x-ratelimit-window', 'x-ratelimit-reset'];
  expect(headers.map((name) => answer.headers.get(name))).toEqual(['200', '1', '300', String(NOW_S + 300)]);
  opened.clock.advance(200_000);
  expect((await opened.get(`${COLLECTION}/sleep`, access)).status).toBe(200);
});

test('an event is signed as the arithmetic vector says', () => {
  const vector = sample('signature_test_vector');
  const world = createWorld({
    holdings: [],
    credentials: { oura: { clientId: 'x', clientSecret: vector.secret } },
    clock: patientClock(),
    chance: createChance('x'),
    faults: NO_FAULTS,
  });
  const row = { ...sample('webhook_subscription_response'), callback_url: 'http://127.0.0.1/x' };
  const notice = noticeOf(world, row, sample('webhook_event_sleep_update'));
  expect(notice.body).toBe(vector.body);
  const atMs = Number(vector.headers['x-oura-timestamp']) * 1000;
  expect(notice.make({ body: notice.body, atMs, wrong: false }).headers).toMatchObject(vector.headers);
  const { headers } = notice.make({ body: notice.body, atMs, wrong: true });
  expect(headers['x-oura-signature']).not.toBe(vector.headers['x-oura-signature']);
});

test('a subscription is made after the handshake, once, and its events come signed', async () => {
  const seen: Request[] = [];
  const fetchIt = async (url: string, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    seen.push(request);
    const query = new URL(url).searchParams;
    if (request.method === 'POST') return new Response();
    if (query.get('verification_token') === 'lazy') return Response.json({ challenge: 'of yesterday' });
    const isOurs = query.get('verification_token') === 'ours';
    return isOurs ? Response.json({ challenge: query.get('challenge') }) : new Response(null, { status: 401 });
  };
  const fresh = held('sleep', 0, { id: 'fresh', knownAtS: NOW_S + 60 });
  const opened = await openSandbox({ holdings: [holding('oura', USER, [fresh])], fetch: fetchIt });
  await ouraTokens(opened, USER);
  const headers = { 'x-client-id': 'oura-id', 'x-client-secret': 'oura-secret' };
  const request = { ...sample('webhook_subscription_create_request'), callback_url: 'http://127.0.0.1/hook' };
  const ask = async (method: string, path = '', body?: object, as = headers) => {
    const init = { method, headers: as, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${opened.url}/oura/v2/webhook/subscription${path}`, init);
    return { status: answer.status, json: Object(await answer.json().catch(() => undefined)) };
  };
  const wanted = { ...request, event_type: 'create', verification_token: 'ours' };
  expect((await ask('POST', '', { ...wanted, verification_token: 'stranger' })).status).toBe(400);
  expect((await ask('POST', '', { ...wanted, verification_token: 'lazy' })).status).toBe(400);
  expect((await ask('POST', '', wanted, { ...headers, 'x-client-secret': 'x' })).status).toBe(401);
  const made = await ask('POST', '', wanted);
  expect(made.status).toBe(201);
  expect(Object.keys(made.json)).toEqual(Object.keys(sample('webhook_subscription_response')));
  expect(made.json.expiration_time).toBe(`${new Date((NOW_S + 90 * DAY_S) * 1000).toISOString().slice(0, 19)}+00:00`);
  expect((await ask('POST', '', wanted)).status).toBe(409);

  opened.clock.advance(30 * DAY_S * 1000);
  const renewed = await ask('PUT', `/renew/${made.json.id}`);
  expect(renewed.json.expiration_time.slice(0, 10)).toBe(
    new Date((NOW_S + 120 * DAY_S) * 1000).toISOString().slice(0, 10),
  );

  expect(await opened.release(NOW_S + 60)).toEqual({ notices: 1, tries: 1, lost: 0 });
  const event = seen.at(-1);
  const body = (await event?.text()) ?? '';
  expect(JSON.parse(body)).toEqual({
    event_type: 'create',
    data_type: 'sleep',
    object_id: 'fresh',
    event_time: `${new Date((NOW_S + 60) * 1000).toISOString().slice(0, 19)}+00:00`,
    user_id: USER,
  });
  const stamp = event?.headers.get('x-oura-timestamp') ?? '';
  const right = createHmac('sha256', 'oura-secret')
    .update(stamp + body)
    .digest('hex')
    .toUpperCase();
  expect(event?.headers.get('x-oura-signature')).toBe(right);
  expect((await ask('DELETE', `/${made.json.id}`)).status).toBe(204);
  expect((await ask('GET')).json).toEqual([]);
});

test('revoked at the provider, the tokens end', async () => {
  const opened = await openSandbox(options);
  const { access, refresh } = await ouraTokens(opened, USER);
  expect((await opened.post(`/oura/oauth/revoke?access_token=${access}`, {})).status).toBe(200);
  expect((await opened.get(`${COLLECTION}/sleep`, access)).status).toBe(401);
  const body = {
    grant_type: 'refresh_token',
    refresh_token: refresh,
    client_id: 'oura-id',
    client_secret: 'oura-secret',
  };
  expect((await opened.post('/oura/oauth/token', body)).status).toBe(400);
});
