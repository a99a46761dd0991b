import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import type { Runtime } from '../runtime.ts';
import { summarize } from '../summarize.ts';
import { type ViewerEnv, viewerOf, visiblePerson } from '../viewer.ts';
import { answers } from './answers.ts';
import { day } from './schemas.ts';

const summary = z
  .object({ user_id: z.string(), day: z.string(), kind: z.string(), subject: z.string(), text: z.string() })
  .openapi('Summary');

/** The morning text about a day, written when it is asked for; nothing is sent. */
export function addSummary(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/summary',
      summary: 'The morning text of a person, by default about their yesterday.',
      request: { query: z.object({ user_id: z.string().max(100).optional(), day: day.optional() }) },
      responses: answers(summary),
    }),
    async (c) => {
      const { user_id, day: about } = c.req.valid('query');
      const viewer = viewerOf(c);
      const user = await visiblePerson(c, runtime, user_id ?? (viewer.role === 'person' ? viewer.userId : ''));
      const { userId, ...message } = await summarize(runtime, { user, day: about });
      return c.json({ user_id: userId, ...message }, 200);
    },
  );
}
