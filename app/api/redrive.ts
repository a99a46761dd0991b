import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { redrive } from '../redrive.ts';
import type { Runtime } from '../runtime.ts';
import type { ViewerEnv } from '../viewer.ts';
import { answers } from './answers.ts';
import { ownerOnly } from './owner-only.ts';
import { batch, elsewhere } from './publish.ts';

/** API Gateway waits 30 s for an answer: fetching ends before, and what is left stays noted. */
const FETCHING_MS = 15_000;

const done = z
  .object({
    notices: z.object({ finished: z.number(), left: z.number(), unclaimed: z.number() }),
    overdue: z.number().openapi({ description: 'Fetches tried again.' }),
    batch: z.union([batch, elsewhere]),
    quarantine: z.object({ released: z.number(), left: z.number() }).nullable(),
  })
  .openapi('Redriven');

/** Does now what was left behind, as long as an answer may take: the owner's. Safe to repeat, and what is left is done by the sweep too. */
export function addRedrive(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/redrive',
      summary: 'Do now what was left behind.',
      middleware: ownerOnly(runtime),
      responses: answers(done),
    }),
    async (c) => {
      const [enough, answered] = [new AbortController(), new AbortController()];
      const limit = runtime.clock.sleep(FETCHING_MS, answered.signal).then(
        () => enough.abort(),
        () => undefined,
      );
      try {
        return c.json(await redrive(runtime, { signal: enough.signal }), 200);
      } finally {
        answered.abort();
        await limit;
      }
    },
  );
}
