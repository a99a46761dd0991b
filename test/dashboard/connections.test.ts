import { expect, test } from 'vitest';
import { changeBackfill, newBackfill } from '../../app/collect/backfill-record.ts';
import { noteGivenUp } from '../../app/collect/given-up.ts';
import { setCondition } from '../../app/condition.ts';
import { link, listConnections } from '../../app/connections.ts';
import { exclusively } from '../../app/exclusive.ts';
import { addUser } from '../../app/people.ts';
import { startSession, type Viewer } from '../../app/session.ts';
import { everyRecord, tie } from '../../app/tie.ts';
import { createDashboard } from '../../dashboard/pages.tsx';
import { Secret } from '../../providers/kit/secret.ts';
import { withings } from '../../providers/withings.ts';
import { NOW, ORIGIN, openPages } from '../support/pages.ts';

/** Ana and Bo, and the pages as a browser asks for them. */
async function openSite(configured: readonly string[] = []) {
  const pages = openPages();
  const settings = (id: string) =>
    configured.includes(id) ? { clientId: 'client', clientSecrets: [new Secret('a-client-secret')] } : {};
  const runtime = { ...pages.runtime, settings };
  const [ana, bo] = [await addUser(runtime, { name: 'Ana' }), await addUser(runtime, { name: 'Bo' })];
  const app = createDashboard(runtime);
  const as = async (viewer: Viewer) => {
    const cookie = `wellspring=${await startSession(runtime, viewer)}`;
    return {
      get: (path: string) => Promise.resolve(app.request(`${ORIGIN}${path}`, { headers: { cookie } })),
      text: async (path: string) => (await app.request(`${ORIGIN}${path}`, { headers: { cookie } })).text(),
      post: (path: string, body: URLSearchParams | FormData, origin = ORIGIN) =>
        Promise.resolve(app.request(`${ORIGIN}${path}`, { method: 'POST', body, headers: { cookie, origin } })),
    };
  };
  const person = await as({ role: 'person', userId: ana.user_id });
  const owner = await as({ role: 'owner' });
  const grant = (scopes: readonly string[]) =>
    exclusively(runtime, async () => {
      const wanted = { provider: 'withings', external_id: 'w-1', user_id: ana.user_id, kind: 'oauth', scopes } as const;
      return tie(runtime, await everyRecord(runtime.state), wanted);
    });
  return { ...pages, runtime, ana, bo, person, owner, grant };
}

/** What stands between two headings of providers. */
const sectionOf = (html: string, provider: string): string =>
  new RegExp(`<h[23] id="${provider}">[\\s\\S]*?</section>`).exec(html)?.[0] ?? '';

test('with nothing connected each provider says what it needs', async () => {
  const { person } = await openSite(['oura']);
  const html = await person.text('/connections');
  expect(html).toContain('Nothing is connected yet.');
  expect(sectionOf(html, 'oura')).toContain('>Connect Oura</a>');
  expect(sectionOf(html, 'withings')).toContain('wellspring secret set withings.clientSecret');
  expect(sectionOf(html, 'withings')).not.toContain('/oauth/withings/start');
  expect(sectionOf(html, 'apple')).toContain('wellspring link apple');
  expect(sectionOf(html, 'myfitnesspal')).toContain('Import a file of MyFitnessPal');
});

test('a connection says in words how it stands, what is granted and missing, what came and what is still to come', async () => {
  const { person, runtime, grant, tables, ana } = await openSite(['withings']);
  const { connection_id: id, account } = await grant(['user.info', 'user.metrics']);
  const days = { from: '2025-03-06', to: '2026-03-05' };
  await changeBackfill(runtime, id, () => newBackfill(id, NOW, { streams: withings.collect.streams, days }));
  const row = { user_id: ana.user_id, provider: 'withings', account, state: 'active', cause: null, by_hand: 'scale' };
  tables.published = {
    queries: {
      last_deliveries: [{ account, last_delivery: '2026-03-04T20:05:00Z' }],
      last_days: [{ account, last_data_day: '2026-02-24' }],
      freshness: [{ ...row, metric: 'weight_kg', last_day: '2026-02-24', expected_by: '2026-03-01T23:00:00.000Z' }],
    },
  };
  const html = sectionOf(await person.text('/connections'), 'withings');
  expect(html).toContain('✓ Connected');
  expect(html).toContain('weight, body composition, blood pressure and temperature');
  expect(html).toMatch(/Not granted<\/dt><dd>activity, workouts, heart rate and sleep/);
  // 20:05Z is 21:05 in Paris.
  expect(html).toContain('Wed 4 Mar, 21:05');
  expect(html).toContain('<progress value="0"');
  expect(html).toContain('nothing is wrong, you have not stood on it');
  expect(html).toContain('Fetch now');
  expect(html).toContain('Connect Withings again');
});

test('what a backfill leaves out, what of it waits and what was given up is said with its reason', async () => {
  const { person, runtime, grant } = await openSite(['withings']);
  const { connection_id: id } = await grant(['user.metrics']);
  const { streams } = withings.collect;
  await changeBackfill(runtime, id, () => ({
    ...newBackfill(id, NOW, { streams, days: { from: '2025-03-06', to: '2026-03-05' } }),
    left_out: { getmeas: { reason: 'door_closed', detail: 'It is not there.' } },
    waits: { getworkouts: { untilMs: NOW + 3_600_000, attempts: 1, detail: 'It answered 503.' } },
  }));
  const given = { connection_id: id, type: 'sleep-get', cause: 'pages_cut', detail: 'It goes in a circle.' } as const;
  await noteGivenUp(runtime, { ...given, days: [{ from: '2026-02-03', to: '2026-02-04' }] });
  const html = sectionOf(await person.text('/connections'), 'withings');
  expect(html).toContain('getmeas: left out. It is not there.');
  // An hour after nine.
  expect(html).toContain('getworkouts: again from Thu 5 Mar, 10:00. It answered 503.');
  expect(html).toContain('sleep-get of Tue 3 Feb 2026 to Wed 4 Feb 2026: It goes in a circle.');
  // Until it is connected again nothing is asked for, whatever was planned.
  await setCondition(runtime, id, { state: 'revoked', cause: 'ended_at_provider' });
  const ended = sectionOf(await person.text('/connections'), 'withings');
  expect([ended.includes('left out'), ended.includes('again from')]).toEqual([true, false]);
});

test.each([
  ['needs_reconnect', 'invalid_grant', 'no longer takes the permission you gave'],
  ['needs_reconnect', 'refresh_answer_lost', 'the old key is spent'],
  ['revoked', 'ended_at_provider', 'Access was taken back at Withings'],
  ['deregistered', 'ended_at_provider', 'The account was unregistered at Withings'],
] as const)('%s (%s) is said with its remedy, and nothing is fetched', async (state, cause, words) => {
  const { person, runtime, grant } = await openSite(['withings']);
  const { connection_id: id } = await grant(['user.metrics']);
  await setCondition(runtime, id, { state, cause });
  const html = sectionOf(await person.text('/connections'), 'withings');
  expect(html).toContain(words);
  expect(html).toContain('wellspring connect withings');
  expect(html).not.toContain('Fetch now');
});

test('ending a connection is asked once more, and only a form of this site does it', async () => {
  const { person, runtime, ana } = await openSite();
  const { connection } = await link(runtime, { provider: 'garmin', user: ana, externalId: 'g' });
  const path = `/connections/end/${connection.connection_id}`;
  expect(await person.text(path)).toContain('Disconnect Garmin?');
  const state = async () => (await listConnections(runtime))[0]?.state;
  expect((await person.post(path, new URLSearchParams(), 'https://evil.example')).status).toBe(403);
  expect(await state()).toBe('active');
  const done = await person.post(path, new URLSearchParams());
  expect([done.status, done.headers.get('location')]).toEqual([303, `/connections?user_id=${ana.user_id}&said=ended`]);
  expect(await state()).toBe('disconnected');
  expect(await person.text('/connections?said=ended')).toContain('It is disconnected. The data that came stay.');
});

test('a person sees and changes nobody else’s connections, the owner everybody’s', async () => {
  const { person, owner, runtime, bo } = await openSite();
  const { connection } = await link(runtime, { provider: 'garmin', user: bo, externalId: 'bos-account' });
  const path = `/connections/end/${connection.connection_id}`;
  expect((await person.get(`/connections?user_id=${bo.user_id}`)).status).toBe(403);
  expect(await person.text('/connections')).not.toContain('bos-account');
  // Nothing tells what is somebody else's from what is not there.
  const nobodys = await (await person.get('/connections/end/c_nobodys')).text();
  for (const answer of [await person.get(path), await person.post(path, new URLSearchParams())]) {
    expect(answer.status).toBe(403);
    expect(await answer.text()).toBe(nobodys);
  }
  const form = new URLSearchParams({ provider: 'garmin', user_id: bo.user_id });
  expect((await person.post('/connections/fetch', form)).status).toBe(403);
  expect((await listConnections(runtime))[0]?.state).toBe('active');
  expect(await owner.text(`/connections?user_id=${bo.user_id}`)).toContain('bos-account');
});

test('fetching where nothing can be fetched, and a form without its fields, are said in words', async () => {
  const { person, ana } = await openSite();
  const asked = await person.post(
    '/connections/fetch',
    new URLSearchParams({ provider: 'oura', user_id: ana.user_id }),
  );
  expect(asked.status).toBe(404);
  expect(await asked.text()).toContain('Nothing that could be fetched is connected.');
  expect((await person.post('/connections/fetch', new URLSearchParams())).status).toBe(400);
});

test('a file is imported by its form, and one that cannot be read says why', async () => {
  const { person, runtime, ana } = await openSite();
  const form = (text: string, name: string) => {
    const body = new FormData();
    body.set('provider', 'myfitnesspal');
    body.set('user_id', ana.user_id);
    body.set('file', new File([text], name));
    return body;
  };
  const well = await person.post('/connections/import', form('Date,Meal,Calories\n2026-03-04,Lunch,500\n', 'n.csv'));
  expect(well.status).toBe(200);
  expect(await well.text()).toContain('1 new part');
  expect(await listConnections(runtime)).toMatchObject([{ provider: 'myfitnesspal', kind: 'file', state: 'active' }]);
  const ill = await person.post('/connections/import', form('Nothing,known\n1,2\n', 'x.csv'));
  expect(ill.status).toBe(422);
  expect(await ill.text()).toContain('unknown_format');
});

test('words of nobody, in an address or among the scopes a provider names, are no words of ours', async () => {
  const { person, grant } = await openSite(['withings']);
  await grant(['user.info', 'constructor', '__proto__']);
  const html = await person.text('/connections?said=constructor');
  expect(html).not.toContain('role="status"');
  expect(sectionOf(html, 'withings')).toMatch(/Granted<\/dt><dd>[^<]*; constructor; __proto__</);
});
