import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { createApi } from '../app/api.ts';
import { isFolded } from '../app/folded.ts';
import { notFound, onError } from '../app/problem.ts';
import { createWebhooks } from '../app/webhooks.ts';
import { createDashboard } from '../dashboard/pages.tsx';
import type { LocalRuntime } from './runtime.ts';

/** All routes of one machine in one application. */
export function createApp(runtime: LocalRuntime): Hono<{ Bindings: Partial<HttpBindings> }> {
  const app = new Hono<{ Bindings: Partial<HttpBindings> }>();
  app.use(async (c, next) => {
    if (isFolded(c.env.incoming?.url ?? '')) return notFound(c);
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
