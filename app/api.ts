import { OpenAPIHono, createRoute } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';
import { providers } from '../providers/index.ts';
import type { Provider } from '../providers/kit/provider.ts';
import { answers, badQuery } from './api/answers.ts';
import { addCollect } from './api/collect.ts';
import { addConnect } from './api/connect.ts';
import { addDoctor } from './api/doctor.ts';
import { addExplain } from './api/explain.ts';
import { addExport } from './api/export.ts';
import { addGoals } from './api/goals.ts';
import { addImports } from './api/imports.ts';
import { addLinks } from './api/links.ts';
import { lists } from './api/lists.ts';
import { addPeople } from './api/people.ts';
import { addPublish } from './api/publish.ts';
import { readList } from './api/read-list.ts';
import { addRedrive } from './api/redrive.ts';
import { connectionList, list, listQuery, personQuery } from './api/schemas.ts';
import { addSummary } from './api/summary.ts';
import { people, turnAway } from './api/viewer.ts';
import { addUsers } from './api/users.ts';
import { addViews } from './api/views.ts';
import { metrics } from './metrics.ts';
import { onError } from './problem.ts';
import type { Runtime } from './runtime.ts';
import { createSignIn } from './sign-in.ts';
import { status } from './status.ts';
import { requireViewer, type ViewerEnv } from './viewer.ts';

const privateAnswer: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.headers.get('cache-control') !== 'no-store') c.header('Cache-Control', 'private, no-cache');
  c.header('Vary', 'Authorization, Cookie');
  c.header('X-Content-Type-Options', 'nosniff');
};

/** The reading API: `/api/v1/…` and `/<provider>/<view>`, by session cookie or bearer token; described at `/openapi.json`. */
export function createApi(runtime: Runtime): OpenAPIHono<ViewerEnv> {
  const api = new OpenAPIHono<ViewerEnv>({ defaultHook: badQuery });
  api.onError(onError);

  const guards = [requireViewer(createSignIn(runtime), turnAway), privateAnswer, etag()] as const;
  const views = Object.values(providers).flatMap(({ id, views: named }: Provider) =>
    Object.keys(named ?? {}).map((view) => `/${id}/${view}`),
  );
  for (const path of ['/api/v1/*', ...views]) for (const guard of guards) api.use(path, guard);

  for (const one of lists) {
    const summary = one.summary;
    const route = { method: 'get', path: `/api/v1/${one.name}`, summary, request: { query: listQuery } } as const;
    api.openapi(createRoute({ ...route, responses: answers(list) }), async (c) =>
      c.json(await readList(c, runtime, one, c.req.valid('query')), 200),
    );
  }

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/metrics',
      summary: 'What each metric means.',
      responses: answers(list),
    }),
    (c) => c.json({ items: [...metrics().values()], next_cursor: null }, 200),
  );

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/connections',
      summary: 'Which provider accounts belong to whom, and how each fares.',
      request: { query: personQuery },
      responses: answers(connectionList),
    }),
    async (c) => {
      const users = new Set((await people(c, runtime, c.req.valid('query').user_id)).map((user) => user.user_id));
      const items = (await status(runtime)).filter((row) => users.has(row.user_id));
      return c.json({ items, next_cursor: null }, 200);
    },
  );

  const rest = [
    addExplain,
    addViews,
    addCollect,
    addExport,
    addImports,
    addUsers,
    addPeople,
    addLinks,
    addConnect,
    addPublish,
  ];
  for (const add of [...rest, addGoals, addSummary, addDoctor, addRedrive]) add(api, runtime);
  const schemes = api.openAPIRegistry;
  schemes.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  schemes.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'wellspring' });
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Wellspring', version: runtime.version },
    security: [{ bearer: [] }, { session: [] }],
  });
  return api;
}
