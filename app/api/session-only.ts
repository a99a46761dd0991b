import type { MiddlewareHandler } from 'hono';
import { problem } from '../problem.ts';
import type { Runtime } from '../runtime.ts';
import { ownPages } from './own-pages.ts';

/** Lets sessions pass alone, and what changes something only from our own pages. */
export function sessionOnly(runtime: Pick<Runtime, 'publicUrl'>): MiddlewareHandler {
  const guard = ownPages(runtime);
  return async (c, next) => (c.req.header('authorization') === undefined ? guard(c, next) : problem(c, REFUSED));
}

const REFUSED = {
  status: 403,
  code: 'session_needed',
  title: 'A session is needed',
  detail: 'Sign in on the pages: a token alone may not do this.',
} as const;
