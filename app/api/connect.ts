import { type OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import { connectionNamed } from '../connect/describe.ts';
import { offerAccess } from '../connect/offer.ts';
import { ticketNamed } from '../connect/ticket.ts';
import { WellspringError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type ViewerEnv, visiblePerson } from '../viewer.ts';
import { answers } from './answers.ts';
import { jsonBody } from './json-body.ts';
import { ownerOnly } from './owner-only.ts';
import { tie } from './tie.ts';

const ticket = z
  .object({
    ticket_id: z.string(),
    provider: z.string(),
    user_id: z.string(),
    url: z.string().openapi({ description: 'Open it in a browser within ten minutes.' }),
  })
  .openapi('Ticket');
const outcome = z
  .object({
    ticket_id: z.string(),
    state: z.enum(['waiting', 'connected', 'refused']),
    code: z.string().nullable().openapi({ description: 'Why it was refused.' }),
    connection: tie.nullable(),
    granted: z.array(z.string()).readonly(),
    missing: z.array(z.string()).readonly(),
  })
  .openapi('TicketOutcome');

/** Begins a connection for somebody without a session of theirs, and says what became of it: the owner's. */
export function addConnect(api: OpenAPIHono<ViewerEnv>, runtime: Runtime): void {
  const middleware = ownerOnly(runtime);
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/connect/{provider}',
      summary: 'An address that starts the granting of access at a provider.',
      middleware,
      request: {
        params: z.object({ provider: z.string() }),
        body: jsonBody(z.strictObject({ user_id: z.string() })),
      },
      responses: answers(ticket),
    }),
    async (c) => {
      const { provider } = c.req.valid('param');
      const { user_id } = await visiblePerson(c, runtime, c.req.valid('json').user_id);
      const { id, url } = await offerAccess(runtime, { provider, userId: user_id });
      return c.json({ ticket_id: id, provider, user_id, url }, 200);
    },
  );
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/v1/tickets/{id}',
      summary: 'What became of such an address.',
      middleware,
      request: { params: z.object({ id: z.string() }) },
      responses: answers(outcome),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const found = await ticketNamed(runtime, id);
      if (found === undefined) throw unknownTicket();
      const open = { ticket_id: id, code: null, connection: null, granted: [], missing: [] };
      const { outcome: became } = found;
      if (became === null) return c.json({ ...open, state: 'waiting' as const }, 200);
      if (!became.ok) return c.json({ ...open, state: 'refused' as const, code: became.code }, 200);
      const made = await connectionNamed(runtime, became.connection_id);
      if (made === undefined) return c.json({ ...open, state: 'refused' as const, code: 'connection_gone' }, 200);
      const { connection, granted, missing } = made;
      return c.json({ ...open, state: 'connected' as const, connection, granted, missing }, 200);
    },
  );
}

function unknownTicket(): WellspringError {
  return new WellspringError({
    code: 'unknown_ticket',
    message: 'There is no such address, or it has expired.',
    remedy: 'Begin again.',
    status: 404,
    exit: 9,
  });
}
