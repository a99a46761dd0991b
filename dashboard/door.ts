import type { Context } from 'hono';
import type { User } from '../app/people.ts';
import type { Runtime } from '../app/runtime.ts';
import { type ViewerEnv, visiblePerson } from '../app/viewer.ts';

/** Sends a browser to the sign-in, from where it comes back. */
export function toSignIn(c: Context): Response {
  const { pathname, search } = new URL(c.req.url);
  return c.redirect(`/signin?next=${encodeURIComponent(`${pathname}${search}`)}`, 303);
}

/** The person in the address, else the first one there is. */
export async function chosenPerson(
  c: Context<ViewerEnv>,
  runtime: Runtime,
  people: readonly User[],
): Promise<User | undefined> {
  const asked = c.req.query('user_id');
  return asked === undefined || asked === '' ? people[0] : visiblePerson(c, runtime, asked);
}
