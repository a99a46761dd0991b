import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { cookieFor } from '../app/cookie.ts';
import { WellspringError } from '../app/errors.ts';
import type { Runtime } from '../app/runtime.ts';

/** Over https `__Host-wellspring-flow`. */
const COOKIE = 'wellspring-flow';
/** As long as the page of a new connection can be seen without signing in. */
const COOKIE_S = 3600;
/** 32 bytes as base64url, as everything secret we put into an address or a cookie. */
export const SECRET = /^[A-Za-z0-9_-]{43}$/;

type BrowserRuntime = Pick<Runtime, 'publicUrl' | 'ids'>;

/** The secret of the browser's own cookie, which OAuth flows are bound to; undefined without one. */
export function browserOf(c: Context, runtime: Pick<Runtime, 'publicUrl'>): string | undefined {
  const cookie = cookieFor(c, runtime.publicUrl, COOKIE);
  const value = cookie === undefined ? undefined : getCookie(c, cookie.name);
  return value !== undefined && SECRET.test(value) ? value : undefined;
}

/** The same, made where there is none, and good for another hour; several tabs share it. Throws `not_private`. */
export function markBrowser(c: Context, runtime: BrowserRuntime): string {
  const cookie = cookieFor(c, runtime.publicUrl, COOKIE);
  if (cookie === undefined) {
    throw new WellspringError({
      code: 'not_private',
      message: 'This address is plain http to another machine.',
      remedy: 'Open it over https, or on the machine itself.',
      status: 403,
    });
  }
  const browser = browserOf(c, runtime) ?? runtime.ids.secret(32);
  setCookie(c, cookie.name, browser, { ...cookie.options, maxAge: COOKIE_S });
  return browser;
}
