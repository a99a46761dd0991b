import { z } from '@hono/zod-openapi';
import { isDay } from '../days.ts';
import { decodeCursor } from './page.ts';

export const day = z
  .string()
  .refine(isDay, 'must be a date that exists, written YYYY-MM-DD')
  .openapi({ example: '2026-03-04', format: 'date' });

const metric = z.string().regex(/^[a-z0-9_]{1,64}$/, 'must be a metric id such as steps');

const person = z.string().min(1).max(100).describe('A person; without it everybody you may see.');

export const personQuery = z.object({ user_id: person.optional() });

/** The query every list understands; days are local and inclusive. */
export const listQuery = personQuery
  .extend({
    from: day.optional(),
    to: day.optional(),
    metric: metric.optional(),
    limit: z.coerce.number().int().min(1).max(5000).default(1000),
    cursor: z
      .string()
      .max(2000)
      .refine((cursor) => decodeCursor(cursor) !== undefined, 'must be a next_cursor of an earlier answer')
      .optional(),
  })
  // Days the wrong way round would look as if nothing had been measured.
  .refine(({ from = '', to = '9999-12-31' }) => from <= to, { path: ['from'], message: 'must not be after to' });

export type ListQuery = z.infer<typeof listQuery>;

const named = (what: string) => z.string().min(1).max(2000).describe(what);

/** A value of a day by person, day and metric, or a row of any published table by its key. */
export const explainQuery = z
  .object({
    user_id: person.optional().describe('Whose value or row it is: an id or a unique name.'),
    day: day.optional(),
    metric: metric.optional(),
    table: named('A published table.').optional(),
    key: named('The columns of its grain, as col=value,….').optional(),
  })
  .superRefine((query, context) => {
    const wanted = query.table === undefined ? (['user_id', 'day', 'metric'] as const) : (['key'] as const);
    for (const name of wanted)
      if (query[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'is missing' });
    const others = query.table === undefined ? (['key'] as const) : (['day', 'metric'] as const);
    for (const name of others)
      if (query[name] !== undefined)
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'belongs to another question: give table and key, or user_id, day and metric',
        });
  });

/** A row as the table spells it. */
const row = z.record(z.string(), z.unknown()).openapi('Row');

export const list = z.object({ items: z.array(row).readonly(), next_cursor: z.string().nullable() }).openapi('List');

const fares = {
  provider: z.string(),
  user_id: z.string(),
  account: z.string(),
  state: z.string(),
  last_delivery: z.string().nullable(),
  last_data_day: z.string().nullable(),
  problem: z.string().nullable(),
  remedy: z.string().nullable(),
};

export const viewList = list.extend({ freshness: z.array(z.object(fares)).readonly() }).openapi('ViewList');

const connection = z
  .object({
    ...fares,
    connection_id: z.string(),
    external_id: z.string(),
    kind: z.string(),
    scopes: z.array(z.string()).readonly(),
    missing_scopes: z.array(z.string()).readonly(),
    last_fetch: z.string().nullable(),
    cause: z.string().nullable(),
    access_until: z.string().nullable(),
    left_alone: z.array(z.object({ type: z.string(), cause: z.string(), detail: z.string() })).readonly(),
    pending: z
      .array(z.object({ type: z.string(), retry_at: z.string(), reason: z.string().nullable(), detail: z.string() }))
      .readonly(),
    given_up: z
      .array(z.object({ type: z.string(), from: z.string(), to: z.string(), reason: z.string(), detail: z.string() }))
      .readonly(),
    backfill: z
      .object({
        state: z.string(),
        from: z.string(),
        to: z.string(),
        chunks_done: z.number(),
        chunks_total: z.number(),
        left_out: z.array(z.object({ type: z.string(), reason: z.string(), detail: z.string() })).readonly(),
        waiting: z.array(z.object({ type: z.string(), retry_at: z.string(), detail: z.string() })).readonly(),
      })
      .nullable(),
    subscription: z
      .object({
        ok: z.boolean(),
        problem: z.string().nullable(),
        checked_at: z.string(),
        expires_at: z.string().nullable(),
      })
      .nullable(),
  })
  .openapi('Connection');

export const connectionList = z
  .object({ items: z.array(connection).readonly(), next_cursor: z.string().nullable() })
  .openapi('ConnectionList');

const candidate = z.object({
  source: z.string(),
  account: z.string(),
  value: z.number().nullable(),
  counted: z.number().nullable(),
  raw_keys: z.array(z.string()).readonly(),
});

const piece = z.object({
  raw_key: z.string(),
  pointer: z.string(),
  text: z.string(),
  received_at: z.string(),
  share: z.number().nullable(),
});

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

const cells = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const rowExplanation = z
  .object({
    table: z.string(),
    key: cells,
    row: cells,
    reason: z.string().nullable(),
    made_from: z
      .array(
        z.object({
          table: z.string(),
          rows: z.array(z.object({ key: cells.nullable(), row: cells })).readonly(),
          total: z.number(),
        }),
      )
      .readonly(),
    evidence: z.array(piece).readonly(),
    evidence_total: z.number(),
  })
  .openapi('RowExplanation');

/** RFC 9457 with our `code`. */
export const problemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string().optional(),
    remedy: z.string().optional(),
    code: z.string(),
  })
  .openapi('Problem');
