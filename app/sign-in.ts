import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { cookieFor } from './cookie.ts';
import { sha256Hex } from './keys.ts';
import type { Runtime } from './runtime.ts';
import { SESSION_DAYS, type Viewer, endSession, readSession, startSession } from './session.ts';

/** Its name over https begins with `__Host-`. */
const SESSION = 'wellspring';

/** Wrong tokens a process looks at in one minute; after that none is looked at until the minute is over. */
const WRONG_A_MINUTE = 20;

export type Presented =
  | { readonly ok: true; readonly viewer: Viewer }
  | { readonly ok: false; readonly reason: 'mismatch' | 'too_many' };

export type Identified =
  | { readonly ok: true; readonly viewer: Viewer }
  | { readonly ok: false; readonly reason: 'nobody' | 'mismatch' | 'too_many' };

/** Recognises people by session cookie or bearer token; sessions go on working while guessing is slowed down. */
export interface SignIn {
  /** Checks an owner token in constant time. */
  present(token: string): Presented;
  /** Who sends this request. */
  identify(c: Context): Promise<Identified>;
  /** False over plain http to another machine, where token and session could be read on the way. */
  isPrivate(c: Context): boolean;
  /** Opens a session and sets its cookie, where the way is private. */
  open(c: Context, viewer: Viewer): Promise<void>;
  close(c: Context): Promise<void>;
}

export function createSignIn(runtime: Runtime): SignIn {
  const wrong = { since: 0, count: 0 };

  const present = (token: string): Presented => {
    const now = runtime.clock.now();
    if (now - wrong.since >= 60_000) Object.assign(wrong, { since: now, count: 0 });
    if (wrong.count >= WRONG_A_MINUTE) return { ok: false, reason: 'too_many' };
    if (runtime.ownerToken !== '' && sameText(token, runtime.ownerToken))
      return { ok: true, viewer: { role: 'owner' } };
    wrong.count += 1;
    return { ok: false, reason: 'mismatch' };
  };

  return {
    present,
    isPrivate: (c) => cookieFor(c, runtime.publicUrl, SESSION) !== undefined,
    async identify(c) {
      const bearer = /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
      if (bearer !== undefined) return present(bearer);
      const cookie = cookieFor(c, runtime.publicUrl, SESSION);
      const secret = cookie === undefined ? undefined : getCookie(c, cookie.name);
      const viewer = secret === undefined ? undefined : await readSession(runtime, secret);
      return viewer === undefined ? { ok: false, reason: 'nobody' } : { ok: true, viewer };
    },
    async open(c, viewer) {
      const cookie = cookieFor(c, runtime.publicUrl, SESSION);
      if (cookie === undefined) return;
      setCookie(c, cookie.name, await startSession(runtime, viewer), {
        ...cookie.options,
        maxAge: SESSION_DAYS * 86_400,
      });
    },
    async close(c) {
      const cookie = cookieFor(c, runtime.publicUrl, SESSION);
      const secret = cookie === undefined ? undefined : getCookie(c, cookie.name);
      if (cookie === undefined || secret === undefined) return;
      await endSession(runtime, secret);
      deleteCookie(c, cookie.name, cookie.options);
    },
  };
}

function sameText(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(sha256Hex(one)), Buffer.from(sha256Hex(other)));
}

/** A path of this site to go to after signing in; `/` for anything that could lead elsewhere. */
export function safePath(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next)) return '/';
  const base = 'http://here.invalid';
  const url = new URL(next, base);
  // Dots resolve to nothing ("/.//host"), so what came out is looked at once more.
  return url.origin === base && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : '/';
}
