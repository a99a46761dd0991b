import { Hono } from 'hono';
import { createApi } from '../app/api.ts';
import { notFound, onError } from '../app/problem.ts';
import { createWebhooks } from '../app/webhooks.ts';
import { createDashboard } from '../dashboard/pages.tsx';
import type { LocalRuntime } from './runtime.ts';

/** All routes of one machine in one application. */
export function createApp(runtime: LocalRuntime): Hono {
  const app = new Hono();
  app.use(async (_, next) => {
    // A key revoked or a token replaced by another process counts from here on.
    await runtime.refresh();
    await next();
  });
  app.route('/', createWebhooks(runtime));
  app.route('/', createApi(runtime));
  app.route('/', createDashboard(runtime));
  app.notFound(notFound);
  app.onError(onError);
  return app;
}
