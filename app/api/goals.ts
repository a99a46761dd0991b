import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { listGoals, removeGoal, setGoal } from '../goals.ts';
import { DIRECTIONS } from '../goals/target.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, visiblePerson } from '../viewer.ts';
import { answers } from './answers.ts';
import { jsonBody } from './json-body.ts';
import { ownPages } from './own-pages.ts';

const direction = z.enum(DIRECTIONS);
const goal = z
  .object({
    goal: z.string().openapi({ example: 'steps_at_least' }),
    user_id: z.string(),
    metric: z.string(),
    direction,
    target: z.number().openapi({ description: 'In the canonical unit of the metric.' }),
    since: z.string().openapi({ description: 'The goal holds from the local day of this instant on.' }),
  })
  .openapi('Goal');
const one = z.object({ goal }).openapi('GoalAnswer');
const wanted = z.strictObject({
  metric: z.string(),
  direction,
  target: z.number(),
  since: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Now when absent.' }),
});

const path = '/api/v1/users/{id}/goals';
const person = z.object({ id: z.string().openapi({ description: 'The id, or a name nobody else has.' }) });

/** What people want of their days: everybody sets their own, the owner everybody's. How the days went is in `/api/v1/goals`. */
export function addGoals(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  const middleware = ownPages(runtime);
  api.openapi(
    createRoute({
      method: 'get',
      path,
      summary: 'The goals of a person.',
      request: { params: person },
      responses: answers(z.object({ items: z.array(goal).readonly(), next_cursor: z.null() }).openapi('GoalList')),
    }),
    async (c) => {
      const { user_id } = await visiblePerson(c, runtime, c.req.valid('param').id);
      return c.json({ items: await listGoals(runtime, user_id), next_cursor: null }, 200);
    },
  );
  api.openapi(
    createRoute({
      method: 'put',
      path,
      summary: 'Set a goal, in the place of one of the same metric and direction.',
      middleware,
      request: { params: person, body: jsonBody(wanted) },
      responses: answers(one),
    }),
    async (c) => {
      const user = await visiblePerson(c, runtime, c.req.valid('param').id);
      const { since, ...rest } = c.req.valid('json');
      const begins = since === undefined ? {} : { since: Date.parse(since) };
      return c.json({ goal: await setGoal(runtime, user, { ...rest, ...begins }) }, 200);
    },
  );
  api.openapi(
    createRoute({
      method: 'delete',
      path: `${path}/{goal}`,
      summary: 'End a goal, named by itself or by its metric; the days until now stay.',
      middleware,
      request: { params: person.extend({ goal: z.string() }) },
      responses: answers(one),
    }),
    async (c) => {
      const user = await visiblePerson(c, runtime, c.req.valid('param').id);
      return c.json({ goal: await removeGoal(runtime, user, c.req.valid('param').goal) }, 200);
    },
  );
}
