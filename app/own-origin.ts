import type { MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';

/** Whether a request's `Origin` is this site; behind a proxy the public address counts as this site too. */
export function isOwnOrigin(origin: string | null | undefined, requestUrl: string, publicUrl: string): boolean {
  return origin === new URL(requestUrl).origin || origin === new URL(publicUrl).origin;
}

/** Refuses forms that another site sent; `publicUrl` is asked with each request. */
export function sameOrigin(publicUrl: () => string): MiddlewareHandler {
  return csrf({ origin: (origin, c) => isOwnOrigin(origin, c.req.url, publicUrl()) });
}
