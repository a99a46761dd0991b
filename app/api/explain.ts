import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { explain } from '../explain.ts';
import { explainRow } from '../explain/row.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, viewerOf, visiblePerson } from '../viewer.ts';
import { answers } from './answers.ts';
import { explainQuery, explanation, rowExplanation } from './schemas.ts';

/** `/api/v1/explain`: a value of a day, or with `table` and `key` a row of any published table. */
export function addExplain(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/explain',
      summary: 'Where a value of a day (user_id, day, metric) or a row (table, key) came from, down to the raw text.',
      request: { query: explainQuery },
      responses: answers(z.union([explanation, rowExplanation])),
    }),
    async (c) => {
      const { user_id: id = '', day = '', metric = '', table, key = '' } = c.req.valid('query');
      if (table !== undefined) {
        const question = { viewer: viewerOf(c), table, key, userId: id || undefined };
        return c.json(await explainRow(runtime, question), 200);
      }
      const { user_id: userId } = await visiblePerson(c, runtime, id);
      return c.json(await explain(runtime, { userId, day, metric }), 200);
    },
  );
}
