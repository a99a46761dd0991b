import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { choose, collect } from '../collect.ts';
import { sameOrigin } from '../own-origin.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, viewerOf, visiblePerson } from '../viewer.ts';
import { accepts } from './answers.ts';

const started = z
  .object({ connections: z.array(z.string()).openapi({ description: 'The connections that are asked now.' }) })
  .openapi('CollectStarted');

const PATH = '/api/v1/collect/{provider}';

/** Starts a fetch and answers 202: what fails is noted and comes by itself, so nobody has to wait. */
export function addCollect(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  // A cookie travels with a request another site makes; a token does not.
  const guard = sameOrigin(() => runtime.publicUrl);
  api.use('/api/v1/collect/*', async (c, next) =>
    c.req.header('authorization') === undefined ? guard(c, next) : next(),
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: PATH,
      summary: 'Fetch now what a provider has new.',
      request: {
        params: z.object({ provider: z.string() }),
        query: z.object({ user_id: z.string().optional(), metric: z.string().optional() }),
      },
      responses: accepts(started),
    }),
    async (c) => {
      const { provider } = c.req.valid('param');
      const { user_id, metric } = c.req.valid('query');
      const viewer = viewerOf(c);
      const asked = user_id ?? (viewer.role === 'person' ? viewer.userId : undefined);
      const userId = asked === undefined ? undefined : (await visiblePerson(c, runtime, asked)).user_id;
      const request = { provider, userId, metric };
      const chosen = await choose(runtime, request);
      // Nobody waits for it; one that fails in itself is repeated by the daily look.
      collect(runtime, request).catch(() => runtime.counters?.count(provider, 'collect_failed'));
      return c.json({ connections: chosen.map(({ connection }) => connection.connection_id) }, 202);
    },
  );
}
