import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { createApi } from '../app/api.ts';
import { notFound, onError } from '../app/problem.ts';
import { createWebhooks } from '../app/webhooks.ts';
import { createDashboard } from '../dashboard/pages.tsx';
import type { LocalRuntime } from './runtime.ts';

/** A segment `.` or `..`, written plainly or encoded: a reader of addresses folds it away before any route is asked. */
const FOLDED = /\/(\.|%2e){1,2}(\/|$)/i;

/** All routes of one machine in one application. */
export function createApp(runtime: LocalRuntime): Hono<{ Bindings: Partial<HttpBindings> }> {
  const app = new Hono<{ Bindings: Partial<HttpBindings> }>();
  app.use(async (c, next) => {
    const target = c.env.incoming?.url ?? '';
    if (FOLDED.test(target.replace(/[?#].*$/, ''))) return notFound(c);
    // A key revoked or a token replaced by another process counts from here on.
    await runtime.refresh();
    return next();
  });
  app.route('/', createWebhooks(runtime));
  app.route('/', createApi(runtime));
  app.route('/', createDashboard(runtime));
  app.notFound(notFound);
  app.onError(onError);
  return app;
}
