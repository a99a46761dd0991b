import { z } from '@hono/zod-openapi';

/** A connection as it is kept, without how it fares. */
export const tie = z
  .object({
    connection_id: z.string(),
    provider: z.string(),
    account: z.string(),
    external_id: z.string(),
    user_id: z.string(),
    kind: z.string(),
    state: z.string(),
    scopes: z.array(z.string()).readonly(),
    cause: z.string().nullable(),
  })
  .openapi('Tie');
