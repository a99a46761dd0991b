import type { Context, MiddlewareHandler } from 'hono';
import { WellspringError } from '../errors.ts';
import { findUser, listUsers, type User } from '../people.ts';
import { problem } from '../problem.ts';
import type { Runtime } from '../runtime.ts';
import { maySee, type Viewer } from '../session.ts';
import type { SignIn } from '../sign-in.ts';

/** What the routes of the API know about a request. */
export interface ApiEnv {
  readonly Variables: { viewer: Viewer };
}

/** Lets only recognised viewers pass; the answer never says what was wrong with a token. */
export function requireViewer(signIn: SignIn): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const found = await signIn.identify(c);
    if (found.ok) {
      c.set('viewer', found.viewer);
      await next();
      return undefined;
    }
    if (found.reason === 'too_many') {
      return problem(c, {
        headers: { 'retry-after': '60' },
        status: 429,
        code: 'too_many_attempts',
        title: 'Too many wrong tokens',
        detail: 'Wait a minute before presenting a token again.',
      });
    }
    return problem(c, {
      headers: { 'www-authenticate': 'Bearer' },
      status: 401,
      code: 'not_signed_in',
      title: 'Not signed in',
      detail: 'Send a session cookie or the owner token as a bearer token.',
    });
  };
}

/** The one person a request is about, by id or unique name; throws when there is none or the viewer may not see them. */
export async function onePerson(c: Context<ApiEnv>, runtime: Runtime, idOrName: string): Promise<User> {
  const viewer = c.get('viewer');
  // Somebody who sees only themself learns nothing about who else there is.
  if (viewer.role === 'person' && viewer.userId !== idOrName) throw forbidden();
  const user = await findUser(runtime, idOrName);
  if (!maySee(viewer, user.user_id)) throw forbidden();
  return user;
}

/** The people a list is about, ascending by id: the one asked for, else everybody the viewer may see. */
export async function people(
  c: Context<ApiEnv>,
  runtime: Runtime,
  asked: string | undefined,
): Promise<readonly User[]> {
  const viewer = c.get('viewer');
  if (asked !== undefined) return [await onePerson(c, runtime, asked)];
  if (viewer.role === 'person') return [await findUser(runtime, viewer.userId)];
  const users = await listUsers(runtime);
  return users.toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1));
}

function forbidden(): WellspringError {
  return new WellspringError({
    code: 'forbidden',
    message: 'You may see your own data only.',
    status: 403,
    exit: 3,
  });
}
