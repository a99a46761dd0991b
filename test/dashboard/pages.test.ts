import { expect, test } from 'vitest';
import { link } from '../../app/connections.ts';
import { addDays } from '../../app/days.ts';
import { addUser } from '../../app/people.ts';
import { startSession } from '../../app/session.ts';
import { createDashboard } from '../../dashboard/pages.tsx';
import { ORIGIN, OWNER_TOKEN, baselineRow, type Published, dayRow, openPages } from '../support/pages.ts';

const YESTERDAY = '2026-03-04';

/** The pages of one person, signed in as the owner. */
async function openSite(rows: (user: string) => Published = () => ({}), name = 'Ana') {
  const { runtime, tables, clock } = openPages();
  const user = await addUser(runtime, { name });
  tables.published = rows(user.user_id);
  const app = createDashboard(runtime);
  const owner = { cookie: `wellspring=${await startSession(runtime, { role: 'owner' })}` };
  const get = (path: string, headers: Record<string, string> = owner) =>
    Promise.resolve(app.request(`${ORIGIN}${path}`, { headers }));
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    Promise.resolve(app.request(`${ORIGIN}${path}`, { method: 'POST', body: new URLSearchParams(form), headers }));
  const text = async (path: string, headers: Record<string, string> = owner) => (await get(path, headers)).text();
  return { runtime, tables, clock, user, id: user.user_id, owner, get, post, text };
}

const usual = (user: string, metric: string, value: number, days = 28) =>
  Array.from({ length: days }, (_, n) => dayRow(user, addDays(YESTERDAY, -1 - n), metric, value));

test('a stranger is sent to the sign-in and comes back to where they wanted to go', async () => {
  const { get, post } = await openSite();
  for (const path of ['/', '/outbox', '/explain/u_a/2026-03-04/steps']) {
    const answer = await get(path, {});
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/signin?next=${encodeURIComponent(path)}`]);
  }
  const form = { token: OWNER_TOKEN, next: '/outbox' };
  const signedIn = await post('/signin', form, { origin: ORIGIN });
  expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/outbox']);
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect((await get('/outbox', { cookie })).status).toBe(200);
  const out = await post('/signout', {}, { cookie, origin: ORIGIN });
  expect(out.headers.get('location')).toBe('/signin');
  expect((await get('/outbox', { cookie })).status).toBe(303);
});

test('signing in never leads to another site', async () => {
  const { post } = await openSite();
  const form = { token: OWNER_TOKEN, next: '//evil.example/' };
  expect((await post('/signin', form, { origin: ORIGIN })).headers.get('location')).toBe('/');
});

test('a wrong token opens nothing and is not repeated on the page', async () => {
  const { post } = await openSite();
  const answer = await post('/signin', { token: 'guessed-token' }, { origin: ORIGIN });
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
  const page = await answer.text();
  expect(page).toContain('That is not the owner token.');
  expect(page).not.toContain('guessed-token');
});

test('forms that another site sends are refused before they do anything', async () => {
  const { get, post, runtime } = await openSite();
  const cookie = `wellspring=${await startSession(runtime, { role: 'owner' })}`;
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    {},
  ]) {
    const answer = await post('/signout', {}, { cookie, ...headers });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('That form came from another site');
  }
  expect((await get('/', { cookie })).status).toBe(200);
});

test('every page forbids what comes from elsewhere, and no browser keeps it', async () => {
  const { get } = await openSite();
  for (const path of ['/', '/signin', '/?day=nonsense', '/explain/x/y/z', '/outbox']) {
    const { headers } = await get(path, path === '/signin' ? {} : undefined);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, path).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('private, no-store');
  }
});

test('styles and scripts are named after what they hold, and come from here', async () => {
  const { get, text } = await openSite();
  const page = await text('/');
  const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
  expect(assets.length).toBeGreaterThanOrEqual(2);
  for (const asset of assets) {
    const answer = await get(asset, {});
    expect(answer.status, asset).toBe(200);
    expect(answer.headers.get('cache-control')).toContain('immutable');
  }
  expect(page).not.toMatch(/<script>|<style|style="|onclick|https?:\/\//);
});

test('what people are called cannot become part of the page', async () => {
  const { text } = await openSite(
    (id) => ({ daily: [dayRow(id, YESTERDAY, 'steps', 1)] }),
    '<script>alert(1)</script>',
  );
  const page = await text('/');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toContain('<script>alert');
});

test('Today shows the latest day with data: value, own normal, source, table and a way to explain it', async () => {
  const { text, id } = await openSite((user) => ({
    daily: [
      ...usual(user, 'steps', 8000),
      dayRow(user, YESTERDAY, 'steps', 9240, { winner_source: 'garmin/Forerunner 265', n_sources: 2 }),
    ],
    baselines: [baselineRow(user, YESTERDAY, 'steps', [8000, 0], { direction: 'above' })],
  }));
  const page = await text('/');
  expect(page).toContain('Wednesday 4 March 2026');
  expect(page).toContain('Europe/Paris');
  expect(page).toContain('9,240');
  expect(page).toContain('▲ More than usual (8,000)');
  expect(page).toContain('Garmin (Forerunner 265), and one other source');
  expect(page).toContain(`href="/explain/${id}/2026-03-04/steps"`);
  expect(page).toContain('29 days: 8,000 to 9,240. Usually 8,000 to 8,000.');
  expect(page).toContain('so far');
});

test('a missing day is a gap in the chart and words in the table, and zero is zero', async () => {
  const { text } = await openSite((user) => ({
    daily: [dayRow(user, YESTERDAY, 'floors_climbed', 0), dayRow(user, '2026-03-02', 'floors_climbed', 3)],
  }));
  const page = await text('/');
  expect(/data-points="([^"]+)"/.exec(page)?.[1]).toMatch(/,3,null,0\]$/);
  expect(page).toContain('<th scope="row">Tue 3 Mar</th><td>no value</td>');
  expect(page).toContain('<th scope="row">Wed 4 Mar</th><td>0</td>');
});

test('a day that is final is not marked', async () => {
  const { text, clock } = await openSite((user) => ({ daily: [dayRow(user, YESTERDAY, 'steps', 1)] }));
  clock.advance(4 * 86_400_000);
  expect(await text(`/?day=${YESTERDAY}`)).not.toContain('so far');
});

test('data that stopped are said to be old instead of shown as if they were new', async () => {
  const { text, runtime, user, tables, id } = await openSite();
  const [garmin, apple] = [
    await link(runtime, { provider: 'garmin', user, externalId: 'g-1' }),
    await link(runtime, { provider: 'apple', user }),
  ];
  tables.published = {
    daily: [dayRow(id, '2026-03-02', 'steps', 1)],
    queries: {
      last_days: [
        { account: garmin.connection.account, last_data_day: '2026-03-02' },
        { account: apple.connection.account, last_data_day: '2026-03-03' },
      ],
    },
  };
  const page = await text('/');
  expect(page).toContain('The latest data are from Monday 2 March 2026; today is Thursday 5 March 2026.');
  // Three local days behind is quiet, two are not; a sign says so beside the colour.
  expect(page).toContain('<span class="mark">!</span> Garmin: last data Mon 2 Mar, 3 days ago.');
  expect(page).toContain('<span class="mark">✓</span> Apple Health: last data Tue 3 Mar, 2 days ago.');
});

test('a day without values leads to the last one with some', async () => {
  const { text, id } = await openSite((user) => ({ daily: [dayRow(user, '2026-02-27', 'steps', 1)] }));
  const page = await text('/?day=2026-01-05');
  expect(page).toContain('There are no values for this day.');
  expect(page).toContain(`href="/?user_id=${id}&amp;day=2026-02-27"`);
});

test('without people, and without data, the page says what to do next', async () => {
  const { runtime } = openPages();
  const app = createDashboard(runtime);
  const cookie = `wellspring=${await startSession(runtime, { role: 'owner' })}`;
  const nobody = await (await app.request(`${ORIGIN}/`, { headers: { cookie } })).text();
  expect(nobody).toContain('user add');
  const { text } = await openSite();
  expect(await text('/')).toContain('wellspring -- link apple');
});

test('imperial readers see pounds; what has no setting is metric', async () => {
  const { runtime, text, tables } = await openSite();
  const bo = await addUser(runtime, { name: 'Bo', units: 'imperial' });
  tables.published = { daily: [dayRow(bo.user_id, YESTERDAY, 'weight_kg', 80)] };
  // 80 kg / 0.45359237 = 176.37 lb.
  expect(await text(`/?user_id=${bo.user_id}`)).toContain('176.4');
});

test('a person sees their own pages and nobody else’s', async () => {
  const { runtime, get, text, id } = await openSite((user) => ({ daily: [dayRow(user, YESTERDAY, 'steps', 4711)] }));
  const bo = await addUser(runtime, { name: 'Bo' });
  const cookie = `wellspring=${await startSession(runtime, { role: 'person', userId: bo.user_id })}`;
  for (const path of [`/?user_id=${id}`, '/?user_id=Ana', '/?user_id=nobody', `/explain/${id}/2026-03-04/steps`]) {
    const answer = await get(path, { cookie });
    expect([path, answer.status]).toEqual([path, 403]);
    expect(await answer.text()).not.toMatch(/4711|4,711|Ana/);
  }
  const mine = await text('/', { cookie });
  expect(mine).toContain('Bo');
  expect(mine).not.toContain('Ana');
});

test('morning texts are there to read, each to its own person', async () => {
  const { runtime, text, id } = await openSite();
  const bo = await addUser(runtime, { name: 'Bo' });
  const message = {
    userId: id,
    day: YESTERDAY,
    kind: 'summary',
    subject: 'Yesterday',
    text: 'Good morning.\n',
  } as const;
  await runtime.notifier.deliver(message);
  expect(await text('/outbox')).toContain('Good morning.');
  const cookie = `wellspring=${await startSession(runtime, { role: 'person', userId: bo.user_id })}`;
  expect(await text('/outbox', { cookie })).not.toContain('Good morning.');
});

test('an impossible day, an unknown person and an unknown number are said so', async () => {
  const { get, id } = await openSite();
  const cases = [
    ['/?day=2026-02-30', 400, 'bad_day'],
    ['/?user_id=nobody', 404, 'unknown_user'],
    [`/explain/${id}/2026-02-30/steps`, 400, 'bad_day'],
    [`/explain/${id}/2026-03-04/steps`, 404, 'nothing_to_explain'],
  ] as const;
  for (const [path, status, code] of cases) {
    const answer = await get(path);
    expect([path, answer.status]).toEqual([path, status]);
    const html = await answer.text();
    expect(html).toContain(`<code>${code}</code>`);
    expect(html).toContain('href="/outbox"');
  }
});

test('an unexpected failure shows nothing of what was inside', async () => {
  const { runtime, get } = await openSite();
  Object.assign(runtime, { readings: { daily: () => Promise.reject(new Error('secret of the disk')) } });
  const answer = await get('/');
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('secret of the disk');
});

test('a browser at an unknown address gets a page, a program does not', async () => {
  const { get, text, owner } = await openSite();
  const page = await get('/nowhere', { accept: 'text/html' });
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8']);
  expect((await get('/nowhere', {})).headers.get('content-type')).not.toContain('html');
  // Whoever is signed in keeps the ways to the pages; a stranger is shown none.
  const { cookie } = owner;
  expect(await text('/nowhere', { accept: 'text/html', cookie })).toContain('href="/outbox"');
  expect(await page.text()).not.toContain('href="/outbox"');
});
