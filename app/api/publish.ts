import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { publish } from '../publish.ts';
import type { Runtime } from '../runtime.ts';
import type { ViewerEnv } from '../viewer.ts';
import { answers } from './answers.ts';
import { ownerOnly } from './owner-only.ts';

/** What a batch run here brought. */
export const batch = z
  .object({
    batch_id: z.string().nullable(),
    objects: z.number(),
    observations: z.number(),
    quarantined: z.number(),
    days: z.number(),
    seconds: z.number(),
  })
  .openapi('BatchSummary');
/** What became of one a workflow runs. */
export const elsewhere = z
  .object({
    workflow: z.enum(['started', 'running', 'waiting']),
    objects: z.number().openapi({ description: 'Stored and not published.' }),
    oldest_s: z.number(),
  })
  .openapi('WorkflowStarted');

/** Publishes what is stored: on one machine before it answers, in a stack by the workflow that is started. */
export function addPublish(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/process',
      summary: 'Run a batch now, or start the workflow that does.',
      middleware: ownerOnly(runtime),
      request: { query: z.object({ all: z.enum(['true', 'false']).optional() }) },
      responses: answers(z.union([batch, elsewhere])),
    }),
    async (c) => c.json(await publish(runtime, { all: c.req.valid('query').all === 'true' }), 200),
  );
}
