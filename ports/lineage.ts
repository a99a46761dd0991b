import * as z from 'zod';

const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be a name in lower case');
const literal = z.union([z.string(), z.number(), z.boolean()]);

/** Columns by their own names, or mine by the name they have there. */
const on = z.preprocess(
  (value) => (Array.isArray(value) ? Object.fromEntries(value.map((column) => [column, column])) : value),
  z.record(name, name).refine((columns) => Object.keys(columns).length > 0, 'must name a column'),
);

const days = z
  .strictObject({ of: name.default('local_date'), first: z.int(), last: z.int() })
  .refine(({ first, last }) => first <= last, 'must not end before it begins');

const where = z.record(
  name,
  z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(literal).min(1)),
);

const entry = z
  .strictObject({
    from: name.optional(),
    on: on.optional(),
    where: where.optional(),
    days: days.optional(),
    reason: z.string().min(1).optional(),
  })
  .refine(
    ({ from, on: columns, where: some, days: range, reason }) =>
      reason === undefined
        ? from !== undefined && columns !== undefined
        : [from, columns, some, range].every((part) => part === undefined),
    'must say from and on, or a reason alone',
  );

/** What rows of a table are made from: the rows of another where columns are alike, some of them, or those of a range of days. */
export interface Edge {
  readonly from: string;
  /** My columns, each with the name it has there. */
  readonly on: Readonly<Record<string, string>>;
  /** Columns there that hold one of these. */
  readonly where: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  /** Rows whose `local_date` lies from `first` to `last` days after my date `of`. */
  readonly days: { readonly of: string; readonly first: number; readonly last: number } | undefined;
}

/** Where rows come from: from other rows, or (`reason`) from none, in words. */
export interface Explained {
  readonly edges: readonly Edge[];
  readonly reason: string | null;
}

/** The entry `explain` of a model's `.yml`: one origin or a list of them. */
export const explained = z
  .preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(entry).min(1))
  .transform((entries): Explained => ({
    edges: entries.flatMap(({ from, on: columns, where: some = {}, days: range }) =>
      from === undefined || columns === undefined ? [] : [{ from, on: columns, where: some, days: range }],
    ),
    reason: entries.flatMap(({ reason }) => reason ?? [])[0] ?? null,
  }));
