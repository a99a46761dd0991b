import { describe, expect, test } from 'vitest';
import { makeTicket, outcomeOf } from '../../../app/connect/ticket.ts';
import { consumeInvite, invite } from '../../../app/invite.ts';
import { type Browser, openFront } from '../../support/front.ts';
import { OWNER_TOKEN } from '../../support/pages.ts';

type Front = Awaited<ReturnType<typeof openFront>>;

/** A browser in which a person has used an invitation. */
async function personal(front: Front, user: { readonly user_id: string }): Promise<Browser> {
  const one = front.browser();
  const { url } = await invite(front.runtime, user);
  await one.post(new URL(url).pathname);
  return one;
}
const start = (userId: string) => `/oauth/garmin/start?user_id=${userId}`;
const flows = (front: Front) => front.runtime.state.list('flow');

test('nobody without a session starts anything: a browser is sent to sign in, a program is told', async () => {
  const front = await openFront();
  const seen = await front.browser().get(start(front.anna.user_id));
  const next = encodeURIComponent(start(front.anna.user_id));
  expect([seen.status, seen.headers.get('location')]).toEqual([303, `/signin?next=${next}`]);
  const told = await front.browser().get(start(front.anna.user_id), { accept: 'application/json' });
  expect(told.status).toBe(401);
  expect(await flows(front)).toEqual([]);
});

test('a person starts for themself, and for nobody else', async () => {
  const front = await openFront();
  const anna = await personal(front, front.anna);
  expect((await anna.get('/oauth/garmin/start')).status).toBe(302);
  expect((await anna.get(start(front.anna.user_id))).status).toBe(302);
  expect((await anna.get(start(front.ben.user_id))).status).toBe(403);
});

test('the cookie that binds a flow is out of reach of scripts and other sites', async () => {
  const front = await openFront();
  const one = await front.owner();
  const response = await one.get(start(front.anna.user_id));
  expect(response.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^wellspring-flow=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax$/),
  ]);
  const secure = await front.app.request(`https://127.0.0.1:8787${start(front.anna.user_id)}`, {
    headers: { cookie: `__Host-wellspring=${one.cookies.get('wellspring') ?? ''}` },
  });
  expect(secure.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-wellspring-flow=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
  ]);
});

test('two tabs of one browser share the cookie, so that both ways back work', async () => {
  const front = await openFront();
  const one = await front.owner();
  await one.get(start(front.anna.user_id));
  const first = one.cookies.get('wellspring-flow');
  await one.get(start(front.anna.user_id));
  expect(one.cookies.get('wellspring-flow')).toBe(first);
});

test('flows of one person are twenty at most, the oldest giving way; over all a thousand', async () => {
  const front = await openFront();
  const one = await front.owner();
  const { state: oldest } = await front.begin(one, 'garmin', front.anna.user_id);
  for (let n = 0; n < 30; n += 1) {
    front.clock.advance(1);
    await one.get(start(front.anna.user_id));
  }
  expect(await flows(front)).toHaveLength(20);
  const late = await one.get(`/oauth/garmin/callback?code=c&state=${oldest}`);
  expect(await late.text()).toContain('unknown_state');
  const [flow] = await flows(front);
  for (let n = 0; n < 980; n += 1) {
    await front.runtime.state.put('flow', `f${n}`, { ...Object(flow?.value), user_id: `u_${n}` });
  }
  expect((await one.get(start(front.ben.user_id))).status).toBe(503);
  expect((await one.get(start(front.anna.user_id))).status).toBe(302);
  expect(await flows(front)).toHaveLength(1000);
  front.clock.advance(600_001);
  expect((await one.get(start(front.ben.user_id))).status).toBe(302);
  expect(await flows(front)).toHaveLength(1);
});

test('a ticket of the command line needs no session, is for one provider, and ends after ten minutes', async () => {
  const front = await openFront();
  const ticket = await makeTicket(front.runtime, { provider: 'garmin', userId: front.anna.user_id });
  const path = (provider: string) => `/oauth/${provider}/start?ticket=${ticket.secret}`;
  const one = front.browser();
  const started = await one.get(path('garmin'));
  expect(started.status).toBe(302);
  expect((await one.get(path('withings'))).status).toBe(401);
  const state = new URL(started.headers.get('location') ?? '').searchParams.get('state') ?? '';
  await one.get(`/oauth/garmin/callback?error=access_denied&state=${state}`);
  expect(await outcomeOf(front.runtime, ticket.id)).toEqual({ ok: false, code: 'access_denied' });
  front.clock.advance(600_001);
  expect((await one.get(path('garmin'))).status).toBe(401);
  expect(JSON.stringify(await front.runtime.state.list('ticket'))).not.toContain(ticket.secret);
});

test('a provider where nothing is granted, and one nobody knows, are said to be so', async () => {
  const front = await openFront();
  const one = await front.owner();
  for (const [provider, code] of [
    ['apple', 'no_oauth'],
    ['nobody', 'unknown_provider'],
  ]) {
    const response = await one.get(`/oauth/${provider}/start?user_id=${front.anna.user_id}`);
    expect([response.status, (await response.text()).includes(code ?? '-')]).toEqual([404, true]);
  }
});

test('an invitation is used up by its button alone, by one of many, and ends after seven days', async () => {
  const front = await openFront();
  const { url } = await invite(front.runtime, front.anna);
  const { pathname } = new URL(url);
  expect(pathname).toMatch(/^\/join\/[\w-]{43}$/);
  expect(JSON.stringify(await front.runtime.state.list('invite'))).not.toContain(pathname.slice('/join/'.length));
  await front.app.request(url, { method: 'HEAD' });
  for (let n = 0; n < 3; n += 1) expect((await front.browser().get(pathname)).status).toBe(200);
  const visitors = Array.from({ length: 20 }, () => front.browser());
  const all = await Promise.all(visitors.map((one) => one.post(pathname)));
  expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, ...Array<number>(19).fill(404)]);
  const winner = visitors.find((one) => one.cookies.has('wellspring'));
  const page = await (await winner?.get('/connections'))?.text();
  expect(page).toContain('Connections of Anna');
  expect(await winner?.get(`/connections?user_id=${front.ben.user_id}`)).toMatchObject({ status: 403 });
  const late = await invite(front.runtime, front.ben);
  front.clock.advance(7 * 86_400_000);
  expect(await consumeInvite(front.runtime, late.url.slice(-43))).toBeUndefined();
});

test('a ticket that is refused again and again ends half an hour after it was made', async () => {
  const front = await openFront();
  const ticket = await makeTicket(front.runtime, { provider: 'garmin', userId: front.anna.user_id });
  const one = front.browser();
  const refused = async (): Promise<number> => {
    const started = await one.get(`/oauth/garmin/start?ticket=${ticket.secret}`);
    const state = new URL(started.headers.get('location') ?? 'about:blank').searchParams.get('state') ?? '';
    await one.get(`/oauth/garmin/callback?error=access_denied&state=${state}`);
    return started.status;
  };
  for (const minute of [0, 9, 18, 27]) {
    expect(await refused(), `after ${minute} minutes`).toBe(302);
    front.clock.advance(9 * 60_000);
  }
  // 36 minutes after it was made, nine after it was refused last.
  expect(await refused()).toBe(401);
});

describe('a start that another site led to', () => {
  const START = /<a class="button" href="(\/oauth\/garmin\/start[^"]*)"/;

  test.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    // An address that was typed, kept as a bookmark or came by mail.
    [{ 'sec-fetch-site': 'none' }],
    [{ referer: 'https://evil.example/page' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ referer: 'nonsense' }],
  ])(
    '(%j) begins nothing for somebody else, and asks: one click begins it',
    async (headers: Record<string, string>) => {
      const front = await openFront();
      const one = await front.owner();
      const asked = await one.get(start(front.anna.user_id), headers);
      expect([asked.status, asked.headers.get('location'), await flows(front)]).toEqual([200, null, []]);
      const page = await asked.text();
      expect(page).toContain('Connect Garmin for Anna?');
      const [, href = ''] = START.exec(page) ?? [];
      expect(href).toBe(start(front.anna.user_id));
      expect((await one.get(href, { 'sec-fetch-site': 'same-origin' })).status).toBe(302);
      expect(await flows(front)).toHaveLength(1);
    },
  );

  test('is asked about though the address of our own pages was sent along', async () => {
    const front = await openFront();
    const headers = { 'sec-fetch-site': 'cross-site', referer: 'http://127.0.0.1:8787/connections' };
    expect((await (await front.owner()).get(start(front.anna.user_id), headers)).status).toBe(200);
  });

  test.each(['/oauth/garmin/start', '/oauth/garmin/%73tart', '/oauth/garmin/%2573tart', '/%6fauth/garmin/start'])(
    'by way of our sign-in is asked about too: whoever named %s as what comes next may be anybody',
    async (path) => {
      const front = await openFront();
      const one = front.browser();
      const next = `${path}?user_id=${front.anna.user_id}`;
      const { headers } = await one.post('/signin', { token: OWNER_TOKEN, next });
      // The form was ours, so the browser says that what follows is, too.
      const landed = await one.get(headers.get('location') ?? '', { 'sec-fetch-site': 'same-origin' });
      const again = await one.get(`/signin?next=${encodeURIComponent(next)}`);
      await one.get(again.headers.get('location') ?? '', { 'sec-fetch-site': 'same-origin' });
      expect(await flows(front)).toEqual([]);
      if (landed.status === 404) return;
      const [, href = ''] = START.exec(await landed.text()) ?? [];
      expect((await one.get(href, { 'sec-fetch-site': 'same-origin' })).status).toBe(302);
      expect(await flows(front)).toHaveLength(1);
    },
  );

  test('begins at once for the one who is signed in, and with a ticket', async () => {
    const front = await openFront();
    const headers = { 'sec-fetch-site': 'cross-site' };
    const anna = await personal(front, front.anna);
    expect((await anna.get(start(front.anna.user_id), headers)).status).toBe(302);
    const { secret } = await makeTicket(front.runtime, { provider: 'garmin', userId: front.anna.user_id });
    expect((await front.browser().get(`/oauth/garmin/start?ticket=${secret}`, headers)).status).toBe(302);
  });

  test('does not say who there is to whoever may not know', async () => {
    const front = await openFront();
    const anna = await personal(front, front.anna);
    const response = await anna.get(start(front.ben.user_id), { 'sec-fetch-site': 'cross-site' });
    expect([response.status, (await response.text()).includes('Ben')]).toEqual([403, false]);
  });
});

test('a form of another site uses no invitation up and answers no question', async () => {
  const front = await openFront();
  const { pathname } = new URL((await invite(front.runtime, front.anna)).url);
  for (const path of [pathname, '/oauth/garmin/choice']) {
    const response = await front.app.request(`http://127.0.0.1:8787${path}`, {
      method: 'POST',
      body: 'choice=q&answer=add',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
    });
    expect([path, response.status]).toEqual([path, 403]);
  }
  expect(await front.runtime.state.list('invite')).toHaveLength(1);
});

test('an invitation that is opened where somebody is signed in says that it takes their place', async () => {
  const front = await openFront();
  const { pathname } = new URL((await invite(front.runtime, front.anna)).url);
  expect(await (await front.browser().get(pathname)).text()).not.toContain('signed in here');
  expect(await (await (await front.owner()).get(pathname)).text()).toContain('Somebody is signed in here');
});
