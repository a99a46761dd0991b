import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { exportPerson } from '../export.ts';
import { notFound } from '../problem.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, viewerOf, visiblePerson } from '../viewer.ts';
import { accepts } from './answers.ts';
import { sessionOnly } from './session-only.ts';

const started = z
  .object({
    export_id: z.string(),
    url: z.string().openapi({ description: 'Answers 404 until it is built, for a day.' }),
  })
  .openapi('ExportStarted');

/** Builds everything of one person as a ZIP file and answers where to fetch it: by that person or the owner. */
export function addExport(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  const { exports } = runtime;
  if (exports === undefined) return;
  for (const path of ['/api/v1/export', '/api/v1/export/*']) api.use(path, sessionOnly(runtime));
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/export',
      summary: 'Build everything of a person as a ZIP file.',
      request: { query: z.object({ user_id: z.string().optional() }) },
      responses: accepts(started),
    }),
    async (c) => {
      const viewer = viewerOf(c);
      const asked = c.req.valid('query').user_id ?? (viewer.role === 'person' ? viewer.userId : '');
      const { user_id } = await visiblePerson(c, runtime, asked);
      const id = runtime.ids.id('e', 16);
      exports
        .keep(user_id, id, (sink) => exportPerson(runtime, user_id, sink))
        .catch(() => runtime.counters?.count('wellspring', 'export_failed'));
      return c.json({ export_id: id, url: `${runtime.publicUrl}/api/v1/export/${user_id}/${id}` }, 202);
    },
  );
  api.get('/api/v1/export/:user/:id', async (c) => {
    const { user_id } = await visiblePerson(c, runtime, c.req.param('user'));
    const bytes = await exports.open(user_id, c.req.param('id'));
    if (bytes === undefined) return notFound(c);
    return c.body(bytes, 200, {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="wellspring-${user_id}.zip"`,
      'cache-control': 'no-store',
    });
  });
}
