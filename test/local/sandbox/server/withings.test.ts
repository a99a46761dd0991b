import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { fixture } from '../../../support/fixture.ts';
import { held, holding, NOW_S, openSandbox, readTokens, withingsTokens, type Opened } from './harness.ts';

const USER = '13371337';
const sample = (name: string) => Object(JSON.parse(fixture(`withings/${name}.json`)));

/** A weighing of `kg`, `daysAgo`. */
function weighing(daysAgo: number, grpid: number, types: readonly number[], category = 1) {
  const date = NOW_S - daysAgo * 86_400;
  const measures = types.map((type) => ({ value: 80_094, type, unit: -3 }));
  const record = { grpid, attrib: 0, date, created: date, modified: date + 20, category, measures };
  return held('getmeas', daysAgo, { id: String(grpid), record });
}

const groups = [weighing(1, 11, [1, 6]), weighing(2, 12, [9, 10, 11]), weighing(3, 13, [1]), weighing(4, 14, [1], 2)];
const summary = Object(sample('aiowithings-sleep_summary-trimmed')).body.series[0];
const night = held('sleep-getsummary', 1, { id: String(summary.id), record: summary });
const options = { holdings: [holding('withings', USER, [...groups, night])], pageSize: 2 };

const ask = async (opened: Opened, path: string, fields: Readonly<Record<string, string>>, token: string) => {
  const answer = await opened.post(`/withings${path}`, fields, token);
  expect(answer.status).toBe(200);
  return Object(await answer.json());
};

const formOf = (body: string) => Object.fromEntries(new URLSearchParams(body));
const sign = (text: string) => createHmac('sha256', 'withings-secret').update(text).digest('hex');

test('tokens lie under body, with the fields of the documented answer', async () => {
  const opened = await openSandbox(options);
  const code = await opened.codeOf('withings', '/oauth2_user/authorize2', USER, {
    scope: 'user.metrics,user.activity',
  });
  const fields = {
    action: 'requesttoken',
    grant_type: 'authorization_code',
    code,
    redirect_uri: 'http://127.0.0.1:9/oauth/callback',
  };
  const answer = await ask(
    opened,
    '/v2/oauth2',
    { ...fields, client_id: 'withings-id', client_secret: 'withings-secret' },
    '',
  );
  const documented = sample('doc-token-response');
  expect(Object.keys(answer.body).toSorted()).toEqual(Object.keys(documented.body).toSorted());
  expect(answer).toMatchObject({ status: 0, body: { expires_in: 10_800, token_type: 'Bearer' } });
  expect(answer.body.scope).toBe('user.metrics,user.activity');
});

test('a code lives 30 seconds, and a dead one gives 503 inside 200', async () => {
  const opened = await openSandbox(options);
  const code = await opened.codeOf('withings', '/oauth2_user/authorize2', USER, { scope: 'user.metrics' });
  opened.clock.advance(30_000);
  const fields = {
    action: 'requesttoken',
    grant_type: 'authorization_code',
    code,
    redirect_uri: 'http://127.0.0.1:9/oauth/callback',
  };
  const answer = await ask(
    opened,
    '/v2/oauth2',
    { ...fields, client_id: 'withings-id', client_secret: 'withings-secret' },
    '',
  );
  expect(answer).toMatchObject({ status: 503, body: {} });
});

test('an unknown access token, and one too many requests, answer as the captured errors do', async () => {
  const opened = await openSandbox({ ...options, limits: { withings: { requests: 1, windowS: 60 } } });
  const { access } = await withingsTokens(opened, USER);
  const errors: readonly { status: number }[] = Object(sample('error-responses'));
  const [unknown, , tooMany] = errors;
  expect(await ask(opened, '/measure', { action: 'getmeas' }, 'nonsense')).toEqual(unknown);
  await ask(opened, '/measure', { action: 'getmeas' }, access);
  expect(await ask(opened, '/measure', { action: 'getmeas' }, access)).toEqual(tooMany);
});

test('measures come unsorted in pages, by window, type and category', async () => {
  const opened = await openSandbox(options);
  const { access } = await withingsTokens(opened, USER);
  const all: number[] = [];
  let offset = '0';
  for (let more = 1; more === 1;) {
    const { body } = await ask(opened, '/measure', { action: 'getmeas', category: '1', offset }, access);
    expect(body).toMatchObject({ timezone: 'Europe/Paris', updatetime: NOW_S });
    all.push(...body.measuregrps.map(({ grpid }: { grpid: number }) => grpid));
    [more, offset] = [body.more, String(body.offset)];
  }
  expect(all.toSorted((a, b) => a - b)).toEqual([11, 12, 13]);
  const found = async (fields: Readonly<Record<string, string>>) => {
    const { body } = await ask(opened, '/measure', { action: 'getmeas', ...fields }, access);
    return body.measuregrps.map(({ grpid, measures }: { grpid: number; measures: { type: number }[] }) => {
      return [grpid, ...measures.map(({ type }) => type)];
    });
  };
  expect(await found({ meastypes: '6,11' })).toEqual(
    expect.arrayContaining([
      [11, 6],
      [12, 11],
    ]),
  );
  expect(await found({ category: '2' })).toEqual([[14, 1]]);
  const atS = NOW_S - 2 * 86_400;
  expect(await found({ startdate: String(atS), enddate: String(atS) })).toEqual([[12, 9, 10, 11]]);
  expect(await found({ lastupdate: String(NOW_S - 86_400) })).toEqual([[11, 1, 6]]);
});

test('a night without data_fields lacks heart rate and score, and has them when they are asked for', async () => {
  const opened = await openSandbox(options);
  const { access } = await withingsTokens(opened, USER);
  const fields = { action: 'getsummary', startdateymd: night.day, enddateymd: night.day };
  const plain = await ask(opened, '/v2/sleep', fields, access);
  expect(plain.body).toMatchObject({ more: false, offset: 0 });
  expect(plain.body.series[0].data).toMatchObject({ sleep_efficiency: 0.86 });
  expect(plain.body.series[0].data).not.toHaveProperty('hr_average');
  const asked = await ask(opened, '/v2/sleep', { ...fields, data_fields: 'hr_average,sleep_score' }, access);
  expect(Object.keys(asked.body.series[0].data).toSorted()).toEqual(['hr_average', 'sleep_score']);
});

test('nothing to tell has the shape of the captured answer, and a series without entries is a list', async () => {
  const opened = await openSandbox(options);
  const { access } = await withingsTokens(opened, USER);
  const day = { startdateymd: '2026-01-01', enddateymd: '2026-01-02' };
  const empty = sample('captured-measurev2-getactivity-0-nodata');
  expect(await ask(opened, '/v2/measure', { action: 'getactivity', ...day }, access)).toEqual(empty);
  const intraday = await ask(opened, '/v2/measure', { action: 'getintradayactivity', startdate: '1' }, access);
  expect(intraday).toEqual({ status: 0, body: { series: [] } });
});

test('what was not granted is refused', async () => {
  const opened = await openSandbox(options);
  const { access } = await withingsTokens(opened, USER, 'user.metrics');
  expect((await ask(opened, '/v2/sleep', { action: 'getsummary' }, access)).status).toBe(214);
});

test('an address is subscribed after it answered HEAD, and hears of what comes', async () => {
  const seen: { method: string; body: string }[] = [];
  const fetchIt = async (url: string, init: RequestInit) => {
    const request = new Request(url, init);
    seen.push({ method: request.method, body: await request.text() });
    return new Response(null, { status: url.includes('/nowhere') ? 404 : 200 });
  };
  const fresh = held('getmeas', 0, {
    record: groups[0]?.record ?? {},
    fromS: 1706376730,
    toS: 1706376730,
    knownAtS: NOW_S + 5,
  });
  const opened = await openSandbox({ holdings: [holding('withings', USER, [fresh])], fetch: fetchIt });
  const { access } = await withingsTokens(opened, USER);
  const notify = (fields: Readonly<Record<string, string>>) => ask(opened, '/notify', fields, access);
  const hook = { callbackurl: 'http://127.0.0.1/hook', appli: '1' };
  expect((await notify({ action: 'subscribe', ...hook, callbackurl: 'http://127.0.0.1/nowhere' })).status).toBe(293);
  expect(await notify({ action: 'subscribe', ...hook })).toEqual(sample('aiowithings-notify_subscribe'));
  // The check, and the empty POST that comes with it.
  expect(seen.slice(1)).toEqual([
    { method: 'HEAD', body: '' },
    { method: 'POST', body: '' },
  ]);
  await notify({ action: 'subscribe', ...hook });
  const { profiles } = (await notify({ action: 'list' })).body;
  expect(profiles).toEqual([{ appli: 1, callbackurl: hook.callbackurl, expires: 2_147_483_647, comment: '' }]);
  expect(Object.keys(profiles[0])).toEqual(Object.keys(sample('aiowithings-notify_list').body.profiles[0]));

  await opened.release(NOW_S + 5);
  const [first] = Object(sample('notification-form-bodies'));
  expect(formOf(seen.at(-1)?.body ?? '')).toEqual(formOf(first.body));
  expect((await notify({ action: 'revoke', ...hook })).status).toBe(0);
  expect((await notify({ action: 'revoke', ...hook })).status).toBe(286);
});

test('revoking takes a nonce, which works once, and a signature over the values in the order of their names', async () => {
  const opened = await openSandbox(options);
  const { access } = await withingsTokens(opened, USER);
  const timestamp = String(NOW_S);
  const nonceFields = { action: 'getnonce', client_id: 'withings-id', timestamp };
  expect((await ask(opened, '/v2/signature', { ...nonceFields, signature: sign('x') }, '')).status).toBe(342);
  const signature = sign(`getnonce,withings-id,${timestamp}`);
  const { nonce } = (await ask(opened, '/v2/signature', { ...nonceFields, signature }, '')).body;
  const end = {
    action: 'revoke',
    client_id: 'withings-id',
    nonce,
    userid: USER,
    signature: sign(`revoke,withings-id,${nonce}`),
  };
  expect((await ask(opened, '/v2/oauth2', end, '')).status).toBe(0);
  expect((await ask(opened, '/v2/oauth2', end, '')).status).toBe(342);
  expect((await ask(opened, '/measure', { action: 'getmeas' }, access)).status).toBe(401);
});

test('a refresh whose answer was lost can be made again with the old token', async () => {
  const opened = await openSandbox({ ...options, names: ['refresh_answer_lost', 'refresh_answer_lost_for_good'] });
  const first = await withingsTokens(opened, USER);
  const fields = { action: 'requesttoken', grant_type: 'refresh_token', refresh_token: first.refresh };
  const refresh = () =>
    ask(opened, '/v2/oauth2', { ...fields, client_id: 'withings-id', client_secret: 'withings-secret' }, '');
  await expect(refresh()).rejects.toThrow('fetch failed');
  await expect(refresh()).rejects.toThrow('fetch failed');
  const { access } = readTokens((await refresh()).body);
  expect((await ask(opened, '/measure', { action: 'getmeas' }, access)).status).toBe(0);
  expect(opened.ledger.presentations().map(({ outcome }) => outcome)).toEqual(['rotated', 'again', 'again']);
  expect((await refresh()).status).toBe(503);
  expect(opened.ledger.reuses()).toBe(1);
});
