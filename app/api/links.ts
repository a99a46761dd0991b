import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { disconnect, link } from '../connections.ts';
import type { Runtime } from '../runtime.ts';
import { urls } from '../urls.ts';
import { type ViewerEnv, visiblePerson } from '../viewer.ts';
import { answers } from './answers.ts';
import { jsonBody } from './json-body.ts';
import { ownerOnly } from './owner-only.ts';
import { tie } from './tie.ts';

const params = z.object({ provider: z.string() });
const account = z.strictObject({
  user_id: z.string(),
  external_id: z.string().optional().openapi({ description: "The account's id at the provider." }),
});

const addresses = z
  .object({
    provider: z.string(),
    webhook_url: z.string().nullable().openapi({ description: 'May hold a secret segment.' }),
    redirect_url: z.string().nullable(),
    portal: z.string().openapi({ description: 'Where to paste them.' }),
  })
  .openapi('ProviderAddresses');
const linked = z
  .object({
    connection: tie,
    webhook_url: z.string().nullable(),
    token: z.string().optional().openapi({ description: 'The bearer token, for doors of one person.' }),
  })
  .openapi('Linked');
const parted = z.object({
  connections: z
    .array(tie.extend({ given_back: z.string().nullable().openapi({ description: 'What the provider knows of it.' }) }))
    .readonly(),
});

/** The addresses to paste at providers, and accounts tied to people by hand: the owner's. */
export function addLinks(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  const middleware = ownerOnly(runtime);
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/urls',
      summary: 'The addresses to paste at the providers.',
      middleware,
      request: { query: z.object({ provider: z.string().optional() }) },
      responses: answers(z.object({ items: z.array(addresses).readonly(), next_cursor: z.null() }).openapi('UrlList')),
    }),
    (c) => c.json({ items: urls(runtime, c.req.valid('query').provider), next_cursor: null }, 200),
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/link/{provider}',
      summary: 'Tie an account at a provider to a person.',
      middleware,
      request: {
        params,
        body: jsonBody(account.extend({ new: z.boolean().optional().openapi({ description: 'Another token.' }) })),
      },
      responses: answers(linked),
    }),
    async (c) => {
      const { provider } = c.req.valid('param');
      const { user_id, external_id: externalId, new: fresh } = c.req.valid('json');
      const user = await visiblePerson(c, runtime, user_id);
      return c.json(await link(runtime, { provider, user, externalId, fresh }), 200);
    },
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/disconnect/{provider}',
      summary: 'End the connections of a person with a provider; the data stay.',
      middleware,
      request: { params, body: jsonBody(account) },
      responses: answers(parted),
    }),
    async (c) => {
      const { provider } = c.req.valid('param');
      const { user_id, external_id: externalId } = c.req.valid('json');
      const user = await visiblePerson(c, runtime, user_id);
      return c.json({ connections: await disconnect(runtime, { provider, user, externalId }) }, 200);
    },
  );
}
