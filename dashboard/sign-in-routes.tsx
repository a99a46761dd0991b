import type { Hono } from 'hono';
import { safePath, type SignIn } from '../app/sign-in.ts';
import type { ViewerEnv } from '../app/viewer.ts';
import { page } from './page.ts';
import { LED } from './starter.ts';
import { SignInPage } from './sign-in.tsx';

const WRONG = 'That is not the owner token.';
const TOO_MANY = 'There were too many wrong tokens. Wait a minute, then try again.';
const IN_THE_CLEAR =
  'This address is plain http to another machine, so the token could be read on the way. Use https, or open the page on the machine itself.';

/** `GET` and `POST /signin`, `POST /signout`. */
export function addSignIn(app: Hono<ViewerEnv>, signIn: SignIn): void {
  app.get('/signin', async (c) => {
    const next = safePath(c.req.query('next'));
    if ((await signIn.identify(c)).ok) return c.redirect(landing(next), 303);
    return page(c, <SignInPage next={next} />);
  });

  app.post('/signin', async (c) => {
    const form = await c.req.parseBody();
    const next = safePath(typeof form['next'] === 'string' ? form['next'] : undefined);
    const token = typeof form['token'] === 'string' ? form['token'].trim() : '';
    if (!signIn.isPrivate(c)) return page(c, <SignInPage next={next} problem={IN_THE_CLEAR} />, 403);
    const presented = signIn.present(token);
    if (presented.ok) {
      await signIn.open(c, presented.viewer);
      return c.redirect(landing(next), 303);
    }
    if (presented.reason === 'too_many') {
      c.header('Retry-After', '60');
      return page(c, <SignInPage next={next} problem={TOO_MANY} />, 429);
    }
    return page(c, <SignInPage next={next} problem={WRONG} />, 401);
  });

  app.post('/signout', async (c) => {
    await signIn.close(c);
    return c.redirect('/signin', 303);
  });
}

/**
 * Where a sign-in leads. Any site may have named it, and the browser takes it for a step of ours: what could begin a connection is marked,
 * so that it asks first. An escaped letter may spell such a path, too.
 */
function landing(next: string): string {
  const { pathname, searchParams } = new URL(next, 'http://here.invalid');
  if (!/^\/oauth\/|%/.test(pathname)) return next;
  searchParams.set(LED, '1');
  return `${pathname}?${searchParams.toString()}`;
}
