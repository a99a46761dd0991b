import type { Context } from 'hono';
import type { User } from '../people.ts';
import { problem } from '../problem.ts';
import type { Runtime } from '../runtime.ts';
import { type Nobody, type ViewerEnv, visiblePeople, visiblePerson } from '../viewer.ts';

/** The people a list is about, ascending by id: the one asked for, else everybody the viewer may see. */
export async function people(
  c: Context<ViewerEnv>,
  runtime: Runtime,
  asked: string | undefined,
): Promise<readonly User[]> {
  if (asked !== undefined) return [await visiblePerson(c, runtime, asked)];
  const users = await visiblePeople(c, runtime);
  return users.toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1));
}

/** What a program without a viewer is told; never what was wrong with a token. */
export function turnAway(c: Context, why: Nobody): Response {
  if (why === 'too_many') {
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
}
