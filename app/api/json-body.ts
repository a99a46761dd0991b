import type { z } from '@hono/zod-openapi';

/** A body that has to come, as JSON. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}
