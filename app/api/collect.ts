import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { choose, collect } from '../collect.ts';
import { WellspringError } from '../errors.ts';
import { sameOrigin } from '../own-origin.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, viewerOf, visiblePerson } from '../viewer.ts';
import { hand } from '../work.ts';
import { accepts, answers } from './answers.ts';

const started = z
  .object({ connections: z.array(z.string()).openapi({ description: 'The connections that are asked now.' }) })
  .openapi('CollectStarted');

const words = z.string().nullable();
const report = z
  .object({
    streams: z
      .array(
        z.object({
          provider: z.string(),
          user_id: z.string(),
          connection_id: z.string(),
          type: z.string(),
          outcome: z.enum(['stored', 'later', 'skipped']),
          requests: z.number(),
          objects: z.number(),
          duplicates: z.number(),
          reason: words,
          detail: words,
          retry_at: words,
        }),
      )
      .readonly(),
    requests: z.number(),
    objects: z.number(),
    duplicates: z.number(),
    busy: z.array(z.string()).readonly().openapi({ description: 'Connections somebody else was fetching for.' }),
  })
  .openapi('CollectReport');

const query = z.object({
  user_id: z.string().optional(),
  metric: z.string().optional(),
  days: z.coerce.number().int().positive().optional().openapi({ description: 'Days back; only with `wait`.' }),
  wait: z.enum(['true', 'false']).optional().openapi({
    description:
      'Answer when it is done, with what it brought: where this process fetches itself. A stack begins it all the same.',
  }),
});

const responses = { ...answers(report), ...accepts(started) } as const;
const summary = 'Fetch now what a provider has new.';

/** Starts a fetch and answers 202: what fails is noted and comes by itself, so nobody has to wait. Who waits all the same gets the report. */
export function addCollect(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  // A cookie travels with a request another site makes; a token does not.
  const guard = sameOrigin(() => runtime.publicUrl);
  api.use('/api/v1/collect/*', async (c, next) =>
    c.req.header('authorization') === undefined ? guard(c, next) : next(),
  );
  const wantedBy = async (c: Context<ViewerEnv>, provider: string | undefined, said: z.output<typeof query>) => {
    const { user_id, metric, days } = said;
    const viewer = viewerOf(c);
    const asked = user_id ?? (viewer.role === 'person' ? viewer.userId : undefined);
    const userId = asked === undefined ? undefined : (await visiblePerson(c, runtime, asked)).user_id;
    const waits = said.wait === 'true' && runtime.hand === undefined;
    if (days !== undefined && !waits) throw daysElsewhere();
    return { waits, wanted: { provider, userId, metric, days } };
  };
  const begin = async ({
    provider,
    userId,
    metric,
  }: Parameters<typeof choose>[1]): Promise<z.output<typeof started>> => {
    const chosen = await choose(runtime, { provider, userId, metric });
    const meant = { ...(userId !== undefined && { user_id: userId }), ...(metric !== undefined && { metric }) };
    await hand(runtime, { kind: 'collect', ...(provider !== undefined && { provider }), ...meant });
    return { connections: chosen.map(({ connection }) => connection.connection_id) };
  };
  const route = { method: 'post', responses } as const;
  api.openapi(
    createRoute({
      ...route,
      path: '/api/v1/collect/{provider}',
      summary,
      request: { params: z.object({ provider: z.string() }), query },
    }),
    async (c) => {
      const { waits, wanted } = await wantedBy(c, c.req.valid('param').provider, c.req.valid('query'));
      // Somebody who waits has perhaps mended what was refused.
      if (waits) return c.json(await collect(runtime, { ...wanted, afresh: true }), 200);
      return c.json(await begin(wanted), 202);
    },
  );
  api.openapi(
    createRoute({ ...route, path: '/api/v1/collect', summary: 'The same of every provider.', request: { query } }),
    async (c) => {
      const { waits, wanted } = await wantedBy(c, undefined, c.req.valid('query'));
      if (waits) return c.json(await collect(runtime, { ...wanted, afresh: true }), 200);
      return c.json(await begin(wanted), 202);
    },
  );
}

function daysElsewhere(): WellspringError {
  return new WellspringError({
    code: 'days_elsewhere',
    message:
      'A fetch takes its days from the request only where somebody waits for it to end, and nobody waits for this one.',
    remedy: 'Leave the days out: the look-back of the installation counts. A backfill fetches older days.',
    status: 400,
    exit: 2,
  });
}
