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
  columns: z.record(z.string(), z.object({ type: z.string() })),
});

/** The published marts with their columns, as their descriptions say; in order of name. */
export function readMarts(): Readonly<Record<string, readonly InputColumn[]>> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));
  const marts = files.toSorted().map((file) => {
    const { columns, published } = description.parse(parse(readFileSync(join(FOLDER, file), 'utf8')));
    const shown = Object.entries(columns).map(([name, { type }]) => ({ name, type: typeOf(type, file) }));
    return [file.replace(/\.yml$/, ''), published === true ? shown : []] as const;
  });
  return Object.fromEntries(marts.filter(([, columns]) => columns.length > 0));
}

function typeOf(type: string, file: string): InputColumn['type'] {
  const known = TYPES[type];
  if (known === undefined) throw new pulumi.RunError(`models/marts/${file}: QuickSight has no type for ${type}.`);
  return known;
}
