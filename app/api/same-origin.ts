import type { MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import { problem } from '../problem.ts';
import type { Runtime } from '../runtime.ts';

/** Lets sessions pass alone, and what changes something only from our own pages: a cookie travels with requests other sites make. */
export function sessionOnly({ publicUrl }: Pick<Runtime, 'publicUrl'>): MiddlewareHandler {
  const ours = (origin: string | null | undefined, url: string): boolean =>
    origin === new URL(url).origin || origin === new URL(publicUrl).origin;
  const guard = csrf({ origin: (origin, c) => ours(origin, c.req.url) });
  return async (c, next) => {
    if (c.req.header('authorization') !== undefined) return problem(c, REFUSED);
    // The library looks at forms only; a page of another site sends no other body without asking, but its origin costs nothing to look at.
    if (!['GET', 'HEAD'].includes(c.req.method) && !ours(c.req.header('origin'), c.req.url)) {
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
