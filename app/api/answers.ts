import type { Context } from 'hono';
import type { z } from '@hono/zod-openapi';
import { problem } from '../problem.ts';
import { problemBody } from './schemas.ts';

const refusal = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemBody } },
});

const refusals = {
  400: refusal('The query cannot be understood.'),
  401: refusal('Nobody is signed in.'),
  403: refusal('Somebody else may see this.'),
  404: refusal('There is no such thing.'),
  429: refusal('Too many wrong tokens; Retry-After says how long to wait.'),
} as const;

/** What a route answers, for its description: 200 with `schema`, and the refusals all routes share. */
export function answers<S extends z.ZodType>(schema: S) {
  return {
    200: { description: 'What was asked for.', content: { 'application/json': { schema } } },
    ...refusals,
  } as const;
}

/** The same for a route that only begins something: 202. */
export function accepts<S extends z.ZodType>(schema: S) {
  return { 202: { description: 'It has begun.', content: { 'application/json': { schema } } }, ...refusals } as const;
}

/** And for one that takes a file. */
export function takes<S extends z.ZodType>(schema: S) {
  const tooLarge = refusal('The file is too large for this way, or for this installation.');
  return {
    202: { description: 'It has begun.', content: { 'application/json': { schema } } },
    413: tooLarge,
    ...refusals,
  } as const;
}

/** 400 naming the parameter that was wrong; lets a good query pass. */
export function badQuery(
  result: { readonly success: true } | { readonly success: false; readonly error: z.ZodError },
  c: Context,
): Response | undefined {
  if (result.success) return undefined;
  const detail = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return problem(c, { status: 400, code: 'invalid_query', title: 'The query cannot be understood', detail });
}
