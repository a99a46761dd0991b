import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { ALERT_KINDS } from '../alerts/choice.ts';
import { invite } from '../invite.ts';
import { addUser, listUsers, setUser } from '../people.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, visiblePerson } from '../viewer.ts';
import { answers } from './answers.ts';
import { jsonBody } from './json-body.ts';
import { ownerOnly } from './owner-only.ts';

const units = z.enum(['metric', 'imperial']);
const alerts = z.array(z.enum(ALERT_KINDS)).readonly();
const orders = z.record(z.string(), z.array(z.string()).readonly());

const user = z
  .object({
    user_id: z.string(),
    name: z.string(),
    zone: z.string().openapi({ description: 'The IANA zone that holds now.' }),
    units: units.nullable(),
    email: z.string().optional(),
    priority: orders.optional().openapi({ description: 'Their own order of sources, by metric.' }),
    alerts: alerts
      .optional()
      .openapi({ description: 'What they are told of between the morning texts; silence when absent.' }),
  })
  .openapi('User');
const one = z.object({ user }).openapi('UserAnswer');

const added = z.strictObject({
  name: z.string(),
  zone: z.string().optional(),
  units: units.optional(),
  email: z.string().optional(),
});
const changes = added.partial().extend({
  since: z.iso.datetime({ offset: true }).optional().openapi({ description: 'When they moved to `zone`; now.' }),
  email: z.string().nullable().optional().openapi({ description: 'Null for nowhere.' }),
  priority: orders.optional().openapi({ description: 'An empty order clears that of a metric.' }),
  alerts: alerts.optional().openapi({ description: 'Empty for none.' }),
});

const params = z.object({ id: z.string().openapi({ description: 'The id, or a name nobody else has.' }) });

/** Who is here: the owner lists, adds, changes and invites people. A person may look at themself. */
export function addPeople(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  const middleware = ownerOnly(runtime);
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/users',
      summary: 'Everybody, in order of name.',
      middleware,
      responses: answers(z.object({ items: z.array(user).readonly(), next_cursor: z.null() }).openapi('UserList')),
    }),
    async (c) => c.json({ items: await listUsers(runtime), next_cursor: null }, 200),
  );
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/users/{id}',
      summary: 'One person.',
      request: { params },
      responses: answers(one),
    }),
    async (c) => c.json({ user: await visiblePerson(c, runtime, c.req.valid('param').id) }, 200),
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/users',
      summary: 'Add a person.',
      middleware,
      request: { body: jsonBody(added) },
      responses: answers(one),
    }),
    async (c) => c.json({ user: await addUser(runtime, c.req.valid('json')) }, 200),
  );
  api.openapi(
    createRoute({
      method: 'patch',
      path: '/api/v1/users/{id}',
      summary: 'Change what is known of a person.',
      middleware,
      request: { params, body: jsonBody(changes) },
      responses: answers(one),
    }),
    async (c) => {
      const { since, ...rest } = c.req.valid('json');
      const who = await visiblePerson(c, runtime, c.req.valid('param').id);
      const moved = since === undefined ? {} : { since: Date.parse(since) };
      return c.json({ user: await setUser(runtime, who, { ...rest, ...moved }) }, 200);
    },
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/users/{id}/invite',
      summary: 'A link of seven days that opens their own pages, once. Whoever has it sees their data.',
      middleware,
      request: { params },
      responses: answers(
        z.object({ user_id: z.string(), url: z.string(), expires_at: z.string() }).openapi('Invitation'),
      ),
    }),
    async (c) => {
      const { user_id } = await visiblePerson(c, runtime, c.req.valid('param').id);
      return c.json({ user_id, ...(await invite(runtime, { user_id })) }, 200);
    },
  );
}
