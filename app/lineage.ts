import * as z from 'zod';
import { statedModels } from '../models/lineage.ts';
import { explained, type Explained } from '../ports/lineage.ts';

const type = z.enum(['text', 'double', 'bigint', 'int', 'date', 'timestamp', 'boolean']);

export type ColumnType = z.infer<typeof type>;

/** A stored table as its `.yml` states it: what names a row, the types of its columns, and where rows come from. */
export interface Table extends Explained {
  readonly name: string;
  /** Whether people may ask for its rows; the others only lie on the way to the raw text. */
  readonly published: boolean;
  readonly grain: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
}

const stated = z.object({
  grain: z.array(z.string()).default([]),
  materialized: z.string().default('view'),
  published: z.boolean().default(false),
  columns: z.record(z.string(), z.object({ type })).default({}),
  explain: explained.default({ edges: [], reason: null }),
});

/** The stored tables by name, of what their `.yml` files say. */
export function readTables(models: Readonly<Record<string, unknown>>): ReadonlyMap<string, Table> {
  const kept = Object.entries(models)
    .map(([name, model]) => ({ name, model: stated.parse(model) }))
    .filter(({ model }) => model.materialized === 'table')
    .map(({ name, model: { grain, published, columns, explain } }) => {
      const types = Object.entries(columns).map(([column, { type: of }]) => [column, of] as const);
      return { name, grain, published, columns: Object.fromEntries(types), ...explain };
    });
  return new Map(kept.map((table) => [table.name, table]));
}

let catalogue: ReadonlyMap<string, Table> | undefined;

/** All stored tables; read once from the models. */
export function tables(): ReadonlyMap<string, Table> {
  return (catalogue ??= readTables(statedModels()));
}
