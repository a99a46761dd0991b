import { Hono } from 'hono';
import { createApi } from '../app/api.ts';
import { createDashboard } from '../dashboard/pages.tsx';
import { readEnvironment } from './environment.ts';
import { http } from './http.ts';
import { openWeb } from './web-runtime.ts';

const environment = readEnvironment('web');

/** Somebody looks at a page meanwhile. */
const OPEN_MS = 10_000;

/** Connecting, the API and the pages. */
export const handler = http(async () => {
  const runtime = await openWeb(environment);
  const app = new Hono();
  app.route('/', createApi(runtime));
  app.route('/', createDashboard(runtime));
  return { app, refresh: runtime.refresh };
}, OPEN_MS);
