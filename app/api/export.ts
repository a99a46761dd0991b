import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { askExport, type Unbuilt, unbuiltExport, withdrawExport } from '../export/asked.ts';
import { notFound, problem, RETRY } from '../problem.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, viewerOf, visiblePerson } from '../viewer.ts';
import { hand } from '../work.ts';
import { accepts } from './answers.ts';
import { sessionOnly } from './session-only.ts';

const started = z
  .object({
    export_id: z.string(),
    url: z.string().openapi({
      description: 'Answers 404 until it is built, then the file for a day; 500 with the reason when it failed.',
    }),
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
      const wanted = { userId: user_id, id };
      await askExport(runtime, wanted);
      await hand(runtime, { kind: 'export', user_id, export_id: id }).catch(async (error: unknown) => {
        await withdrawExport(runtime, wanted);
        throw error;
      });
      return c.json({ export_id: id, url: `${runtime.publicUrl}/api/v1/export/${user_id}/${id}` }, 202);
    },
  );
  api.get('/api/v1/export/:user/:id', async (c) => {
    const { user_id } = await visiblePerson(c, runtime, c.req.param('user'));
    const id = c.req.param('id');
    const link = await exports.link?.(user_id, id);
    c.header('Cache-Control', 'no-store');
    if (link !== undefined) return c.redirect(link, 302);
    const bytes = exports.link === undefined ? await exports.open(user_id, id) : undefined;
    if (bytes === undefined) return missing(c, await unbuiltExport(runtime, { userId: user_id, id }));
    return c.body(bytes, 200, {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="wellspring-${user_id}.zip"`,
      'cache-control': 'no-store',
    });
  });
}

/** Still being built, failed, or nothing anybody asked for. */
function missing(c: Context, asked: Unbuilt | undefined): Response {
  if (asked === undefined) return notFound(c);
  const { failure } = asked;
  if (failure === null) {
    return problem(c, { status: 404, code: 'not_built', title: 'The export is still being built.', headers: RETRY });
  }
  return problem(c, { status: 500, code: failure.code, title: failure.message, remedy: failure.remedy });
}
