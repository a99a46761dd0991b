import type { Context, MiddlewareHandler } from 'hono';
import { WellspringError } from './errors.ts';
import { findUser, listUsers, type User } from './people.ts';
import type { Runtime } from './runtime.ts';
import { maySee, type Viewer } from './session.ts';
import type { Identified, SignIn } from './sign-in.ts';

/** What routes know about a request; nobody where no door stands before them. */
export interface ViewerEnv {
  readonly Variables: { viewer: Viewer | undefined };
}

/** Why a request has no viewer. */
export type Nobody = Extract<Identified, { ok: false }>['reason'];

/** Lets recognised viewers pass; everybody else gets what `turnAway` answers. */
export function requireViewer(
  signIn: SignIn,
  turnAway: (c: Context, why: Nobody) => Response,
): MiddlewareHandler<ViewerEnv> {
  return async (c, next) => {
    const found = await signIn.identify(c);
    if (!found.ok) return turnAway(c, found.reason);
    c.set('viewer', found.viewer);
    await next();
    return undefined;
  };
}

/** The viewer behind the door; throws `forbidden` where none stands. */
export function viewerOf(c: Context<ViewerEnv>): Viewer {
  const viewer = c.get('viewer');
  if (viewer === undefined) throw forbidden();
  return viewer;
}

/** Everybody the viewer may look at, in order of name; throws `unknown_user` for a session that outlived its person. */
export async function visiblePeople(c: Context<ViewerEnv>, runtime: Runtime): Promise<readonly User[]> {
  const viewer = viewerOf(c);
  return viewer.role === 'person' ? [await findUser(runtime, viewer.userId)] : listUsers(runtime);
}

/** One person by id or unique name; throws `forbidden` when the viewer may not look, whether or not there is such a person. */
export async function visiblePerson(c: Context<ViewerEnv>, runtime: Runtime, idOrName: string): Promise<User> {
  const viewer = viewerOf(c);
  // Somebody who sees only themself learns nothing about who else there is.
  if (viewer.role === 'person' && viewer.userId !== idOrName) throw forbidden();
  const user = await findUser(runtime, idOrName);
  // Somebody's name may be written like another one's id.
  if (!maySee(viewer, user.user_id)) throw forbidden();
  return user;
}

/** What whoever may not look is told, also of what there is not: the two are not told apart. */
export function forbidden(): WellspringError {
  return new WellspringError({
    code: 'forbidden',
    message: 'This is not yours to see.',
    detail: 'You may look at your own data; the owner may look at everybody.',
    status: 403,
    exit: 3,
  });
}
