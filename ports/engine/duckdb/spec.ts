import * as z from 'zod';
import { parse } from 'yaml';
import { PortError } from '../../errors.ts';
import { explained } from '../../lineage.ts';

const type = z.enum(['text', 'double', 'bigint', 'int', 'date', 'timestamp', 'boolean']);

const audit = z.object({
  unique: z.array(z.string()).optional(),
  not_null: z.array(z.string()).optional(),
  accepted: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()]))).optional(),
  sql: z.string().optional(),
  blocking: z.boolean().optional(),
});

const reach = z.union([z.number(), z.literal('all')]);

const spec = z.object({
  description: z.string().default(''),
  grain: z.array(z.string()).default([]),
  materialized: z.enum(['view', 'table']).default('view'),
  published: z.boolean().default(false),
  also_called: z
    .string()
    .regex(/^[a-z_]+$/)
    .optional(),
  partition: z.enum(['user_id', 'account']).optional(),
  reach_days: z.union([reach, z.object({ before: reach, after: reach })]).optional(),
  columns: z
    .record(z.string(), z.object({ type, description: z.string().optional(), unit: z.string().optional() }))
    .default({}),
  audits: z.array(audit).default([]),
  explain: explained.optional(),
});

/** What the `.yml` beside a model says of it (models/README.md). */
export type ModelSpec = z.infer<typeof spec>;
export type Audit = z.infer<typeof audit>;
export type ColumnType = z.infer<typeof type>;

const duckdbTypes: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  double: 'DOUBLE',
  bigint: 'BIGINT',
  int: 'INTEGER',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  boolean: 'BOOLEAN',
};

/** The DuckDB type of a column type of the `.yml`. */
export function duckdbType(of: ColumnType): string {
  return duckdbTypes[of];
}

function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new PortError('invalid_model', `${file}: ${String(error)}`, { cause: error });
  }
}

/** Reads a model's `.yml`; `invalid_model` names the file and what is wrong in it. */
export function readSpec(file: string, text: string): ModelSpec {
  const result = spec.safeParse(parseYaml(file, text) ?? {});
  if (!result.success) throw new PortError('invalid_model', `${file}: ${z.prettifyError(result.error)}`);
  return result.data;
}
