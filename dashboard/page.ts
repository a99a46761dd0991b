import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Answers a page that only this browser may keep, and only until it looks again. */
export async function page(c: Context, node: Child, status: ContentfulStatusCode = 200): Promise<Response> {
  c.header('Cache-Control', 'private, no-store');
  return c.html(html`<!doctype html>${node}`, status);
}
