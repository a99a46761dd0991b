import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createSignIn, safePath } from '../../app/sign-in.ts';
import { OWNER_TOKEN, openPages } from '../support/pages.ts';

function openDoor(publicUrl = 'http://127.0.0.1:8787') {
  const { runtime, clock } = openPages();
  const signIn = createSignIn({ ...runtime, publicUrl });
  const app = new Hono();
  app.get('/who', async (c) => c.json(await signIn.identify(c)));
  app.get('/in', async (c) => {
    await signIn.open(c, { role: 'owner' });
    return c.text(String(signIn.isPrivate(c)));
  });
  app.get('/out', async (c) => {
    await signIn.close(c);
    return c.text('');
  });
  const get = (url: string, headers: Record<string, string> = {}) => Promise.resolve(app.request(url, { headers }));
  return { signIn, clock, get, who: async (headers: Record<string, string>) => (await get('/who', headers)).json() };
}

test('the owner token as a bearer token is the owner; anything else is not', async () => {
  const { who } = openDoor();
  expect(await who({ authorization: `Bearer ${OWNER_TOKEN}` })).toEqual({ ok: true, viewer: { role: 'owner' } });
  expect(await who({ authorization: `Bearer ${OWNER_TOKEN}x` })).toEqual({ ok: false, reason: 'mismatch' });
  expect(await who({ authorization: `Basic ${OWNER_TOKEN}` })).toEqual({ ok: false, reason: 'nobody' });
  expect(await who({})).toEqual({ ok: false, reason: 'nobody' });
});

test('an empty owner token opens nothing', () => {
  const { runtime } = openPages();
  expect(createSignIn({ ...runtime, ownerToken: '' }).present('')).toEqual({ ok: false, reason: 'mismatch' });
});

test('after twenty wrong tokens none is looked at until the minute is over', () => {
  const { signIn, clock } = openDoor();
  for (let n = 0; n < 20; n += 1) expect(signIn.present(`guess ${n}`)).toEqual({ ok: false, reason: 'mismatch' });
  expect(signIn.present(OWNER_TOKEN)).toEqual({ ok: false, reason: 'too_many' });
  clock.advance(60_000);
  expect(signIn.present(OWNER_TOKEN)).toEqual({ ok: true, viewer: { role: 'owner' } });
});

test('on loopback over plain http the cookie is called wellspring and is out of reach of scripts', async () => {
  const { get } = openDoor();
  const cookie = (await get('http://127.0.0.1:8787/in')).headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^wellspring=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
});

test('over https, and behind a proxy of an https address, the cookie is bound to the host and secure', async () => {
  for (const door of [openDoor('https://health.example'), openDoor()]) {
    const cookie = (await door.get('https://health.example/in')).headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^__Host-wellspring=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  }
  const proxied = await openDoor('https://health.example').get('http://health.example/in');
  expect(proxied.headers.get('set-cookie')).toContain('__Host-wellspring=');
  const tunnel = await openDoor('https://health.example').get('http://localhost:8787/in', {
    'x-forwarded-proto': 'https',
  });
  expect(tunnel.headers.get('set-cookie')).toContain('__Host-wellspring=');
});

test('over plain http to another machine no session is opened', async () => {
  const answer = await openDoor().get('http://192.168.1.20:8787/in');
  expect(await answer.text()).toBe('false');
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('a session cookie is the owner until it is closed, and slowed guessing does not touch it', async () => {
  const { get, who, signIn } = openDoor();
  const cookie = ((await get('/in')).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  for (let n = 0; n < 25; n += 1) signIn.present('guess');
  expect(await who({ cookie })).toEqual({ ok: true, viewer: { role: 'owner' } });
  expect((await get('/out', { cookie })).headers.get('set-cookie')).toContain('Max-Age=0');
  expect(await who({ cookie })).toEqual({ ok: false, reason: 'nobody' });
});

test('after signing in one goes on to a path of this site', () => {
  expect(safePath('/explain/u_a/2026-03-04/steps')).toBe('/explain/u_a/2026-03-04/steps');
  expect(safePath('/?user_id=u_a&day=2026-03-04')).toBe('/?user_id=u_a&day=2026-03-04');
});

test.each([
  undefined,
  '',
  'explain',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/.//evil.example',
  '/%2e%2e//evil.example',
  '/a/..//evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  '/ /evil.example',
  '/a\\..\\evil.example',
])('%o leads home instead of elsewhere', (next) => {
  expect(safePath(next)).toBe('/');
});
