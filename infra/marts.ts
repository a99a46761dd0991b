import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';
import * as z from 'zod';

/** A column as QuickSight wants it named. */
export interface InputColumn {
  readonly name: string;
  readonly type: 'STRING' | 'INTEGER' | 'DECIMAL' | 'DATETIME' | 'BIT';
}

/** A published mart as its description states it. */
export interface Mart {
  readonly name: string;
  /** Columns in order, by the types of the models. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The name of a view over it. */
  readonly alsoCalled: string | undefined;
}

const FOLDER = join(import.meta.dirname, '..', 'models', 'marts');

/** Types of the models by those of QuickSight. */
const TYPES: Readonly<Record<string, InputColumn['type']>> = {
  text: 'STRING',
  int: 'INTEGER',
  bigint: 'INTEGER',
  double: 'DECIMAL',
  date: 'DATETIME',
  timestamp: 'DATETIME',
  boolean: 'BIT',
};

const description = z.object({
  published: z.boolean().optional(),
  also_called: z.string().optional(),
  columns: z.record(z.string(), z.object({ type: z.string() })),
});

/** The published marts, in order of name. */
export function statedMarts(): readonly Mart[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));
  return files.toSorted().flatMap((file) => {
    const stated = description.parse(parse(readFileSync(join(FOLDER, file), 'utf8')));
    if (stated.published !== true) return [];
    const columns = Object.entries(stated.columns).map(([name, { type }]) => ({ name, type }));
    return [{ name: file.replace(/\.yml$/, ''), columns, alsoCalled: stated.also_called }];
  });
}

/** The published marts with their columns, as their descriptions say; in order of name. */
export function readMarts(): Readonly<Record<string, readonly InputColumn[]>> {
  const marts = statedMarts().map(({ name, columns }) => {
    return [name, columns.map((column) => ({ name: column.name, type: typeOf(column.type, name) }))] as const;
  });
  return Object.fromEntries(marts);
}

function typeOf(type: string, mart: string): InputColumn['type'] {
  const known = TYPES[type];
  if (known === undefined) throw new pulumi.RunError(`models/marts/${mart}.yml: QuickSight has no type for ${type}.`);
  return known;
}
