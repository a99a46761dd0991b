import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { testDeliveries } from '../doctor/deliveries.ts';
import { doctorOfServer } from '../doctor.ts';
import type { Runtime } from '../runtime.ts';
import type { ViewerEnv } from '../viewer.ts';
import { answers } from './answers.ts';
import { ownerOnly } from './owner-only.ts';

const check = z
  .object({
    id: z.string(),
    state: z.enum(['ok', 'warn', 'fail']),
    required: z.boolean().openapi({ description: 'One that is not well is `fail`, another `warn`.' }),
    detail: z.string(),
    remedy: z.string().nullable(),
  })
  .openapi('Check');
const delivery = z
  .object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })
  .openapi('TestDelivery');

/** What is wrong with a running server, as far as it can see, and deliveries to measure its doors with: the owner's. */
export function addDoctor(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  const middleware = ownerOnly(runtime);
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/doctor',
      summary: 'What is wrong here, and what to do about it.',
      middleware,
      responses: answers(z.object({ checks: z.array(check).readonly() }).openapi('Doctor')),
    }),
    async (c) => c.json({ checks: await doctorOfServer(runtime) }, 200),
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/doctor/selftest',
      summary: 'Twenty signed deliveries ready to be sent, to see how fast they are acknowledged.',
      middleware,
      responses: answers(z.object({ deliveries: z.array(delivery).readonly() }).openapi('TestDeliveries')),
    }),
    (c) => c.json({ deliveries: testDeliveries(runtime) }, 200),
  );
}
