import type { MiddlewareHandler } from 'hono';
import { isOwnOrigin } from '../own-origin.ts';
import { problem } from '../problem.ts';
import type { Runtime } from '../runtime.ts';

/** Lets what changes something pass by token, or by session from our own pages: a cookie travels with requests other sites make, a token does not. */
export function ownPages(runtime: Pick<Runtime, 'publicUrl'>): MiddlewareHandler {
  return async (c, next) => {
    const isSafe = ['GET', 'HEAD'].includes(c.req.method) || c.req.header('authorization') !== undefined;
    if (isSafe || isOwnOrigin(c.req.header('origin'), c.req.url, runtime.publicUrl)) return next();
    return problem(c, { status: 403, code: 'other_origin', title: 'Not from here', detail: 'Ask from our own pages.' });
  };
}
