import type { Context } from 'hono';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A cookie's name and attributes for this request; undefined where its value would travel in the clear. */
export function cookieFor(c: Context, publicUrl: string, name: string) {
  const url = new URL(c.req.url);
  const options = { path: '/', httpOnly: true, sameSite: 'Lax' as const };
  const forwarded = c.req.header('x-forwarded-proto') === 'https';
  if (url.protocol === 'http:' && !forwarded && LOOPBACK.test(url.hostname)) return { name, options };
  // Behind a proxy or tunnel the request itself arrives over http; the browser drops a Secure cookie if that is not so.
  if (url.protocol !== 'https:' && !publicUrl.startsWith('https:')) return undefined;
  return { name: `__Host-${name}`, options: { ...options, secure: true } };
}
