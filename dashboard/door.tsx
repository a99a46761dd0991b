import type { Context, MiddlewareHandler } from 'hono';
import { findUser, listUsers, type User } from '../app/people.ts';
import { WellspringError } from '../app/errors.ts';
import type { Runtime } from '../app/runtime.ts';
import { maySee, type Viewer } from '../app/session.ts';
import type { SignIn } from '../app/sign-in.ts';

/** What the pages know about a request. */
export interface PageEnv {
  readonly Variables: { viewer: Viewer | undefined };
}

/** Lets signed-in viewers pass and sends everybody else to the sign-in, from where they come back. */
export function requireViewer(signIn: SignIn): MiddlewareHandler<PageEnv> {
  return async (c, next) => {
    const found = await signIn.identify(c);
    if (found.ok) {
      c.set('viewer', found.viewer);
      await next();
      return undefined;
    }
    const url = new URL(c.req.url);
    return c.redirect(`/signin?next=${encodeURIComponent(`${url.pathname}${url.search}`)}`, 303);
  };
}

/** The viewer of a page behind the door. */
export function viewerOf(c: Context<PageEnv>): Viewer {
  const viewer = c.get('viewer');
  if (viewer === undefined) throw forbidden();
  return viewer;
}

/** Everybody the viewer may look at, in order of name. */
export async function visiblePeople(c: Context<PageEnv>, runtime: Runtime): Promise<readonly User[]> {
  const viewer = viewerOf(c);
  return (await listUsers(runtime)).filter((user) => maySee(viewer, user.user_id));
}

/** One person by id or name; throws `forbidden` when the viewer may not look, whether or not there is such a person. */
export async function visiblePerson(c: Context<PageEnv>, runtime: Runtime, idOrName: string): Promise<User> {
  const viewer = viewerOf(c);
  if (viewer.role === 'person' && viewer.userId !== idOrName) throw forbidden();
  return findUser(runtime, idOrName);
}

/** The person in the address, else the first one there is. */
export async function chosenPerson(
  c: Context<PageEnv>,
  runtime: Runtime,
  people: readonly User[],
): Promise<User | undefined> {
  const asked = c.req.query('user_id');
  return asked === undefined || asked === '' ? people[0] : visiblePerson(c, runtime, asked);
}

function forbidden(): WellspringError {
  return new WellspringError({
    code: 'forbidden',
    message: 'This page is not yours to see.',
    detail: 'You may look at your own data; the owner may look at everybody.',
    status: 403,
    exit: 3,
  });
}
