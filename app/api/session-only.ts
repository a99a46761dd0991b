import type { MiddlewareHandler } from 'hono';
import { isOwnOrigin, sameOrigin } from '../own-origin.ts';
import { problem } from '../problem.ts';
import type { Runtime } from '../runtime.ts';

/** Lets sessions pass alone, and what changes something only from our own pages: a cookie travels with requests other sites make. */
export function sessionOnly(runtime: Pick<Runtime, 'publicUrl'>): MiddlewareHandler {
  const guard = sameOrigin(() => runtime.publicUrl);
  return async (c, next) => {
    if (c.req.header('authorization') !== undefined) return problem(c, REFUSED);
    // The library looks at forms only; a page of another site sends no other body without asking, but its origin costs nothing to look at.
    if (!['GET', 'HEAD'].includes(c.req.method) && !isOwnOrigin(c.req.header('origin'), c.req.url, runtime.publicUrl)) {
      return problem(c, {
        ...REFUSED,
        code: 'other_origin',
        title: 'Not from here',
        detail: 'Ask from our own pages.',
      });
    }
    return guard(c, next);
  };
}

const REFUSED = {
  status: 403,
  code: 'session_needed',
  title: 'A session is needed',
  detail: 'Sign in on the pages: a token alone may not do this.',
} as const;
