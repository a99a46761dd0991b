import { z } from '@hono/zod-openapi';
import { isDay } from '../days.ts';
import { decodeCursor } from './page.ts';

const day = z
  .string()
  .refine(isDay, 'must be a date that exists, written YYYY-MM-DD')
  .openapi({ example: '2026-03-04', format: 'date' });

const metric = z.string().regex(/^[a-z0-9_]{1,64}$/, 'must be a metric id such as steps');

const person = z.string().min(1).max(100).describe('A person; without it everybody you may see.');

/** The query every list understands; days are local and inclusive. */
export const listQuery = z.object({
  user_id: person.optional(),
  from: day.optional(),
  to: day.optional(),
  metric: metric.optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
  cursor: z
    .string()
    .max(2000)
    .refine((cursor) => decodeCursor(cursor) !== undefined, 'must be a next_cursor of an earlier answer')
    .optional(),
});

export type ListQuery = z.infer<typeof listQuery>;

export const explainQuery = z.object({ user_id: person, day, metric });

/** A row as the table spells it. */
const row = z.record(z.string(), z.unknown()).openapi('Row');

export const list = z.object({ items: z.array(row).readonly(), next_cursor: z.string().nullable() }).openapi('List');

export const viewList = list.extend({ freshness: z.array(row).readonly() }).openapi('ViewList');

const candidate = z.object({
  source: z.string(),
  account: z.string(),
  value: z.number().nullable(),
  counted: z.number().nullable(),
  raw_keys: z.array(z.string()).readonly(),
});

const piece = z.object({ raw_key: z.string(), pointer: z.string(), text: z.string(), received_at: z.string() });

export const explanation = z
  .object({
    user_id: z.string(),
    local_date: z.string(),
    metric: z.string(),
    value: z.number().nullable(),
    unit: z.string(),
    rule: z.string(),
    winner: z.string().nullable(),
    candidates: z.array(candidate).readonly(),
    evidence: z.array(piece).readonly(),
    evidence_total: z.number(),
  })
  .openapi('Explanation');

/** RFC 9457 with our `code`. */
export const problemBody = z
  .object({ type: z.string(), title: z.string(), status: z.number(), detail: z.string().optional(), code: z.string() })
  .openapi('Problem');
