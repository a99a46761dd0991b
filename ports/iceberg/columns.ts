import type { Column } from '@aws-sdk/client-glue';
import { PortError } from '../errors.ts';
import type { ColumnType, IcebergTable, TableShape } from './iceberg.ts';
import { currentSchema, type Field, type Metadata } from './metadata.ts';

/** What Iceberg and what Glue call the types of columns. */
const TYPES: Readonly<Record<ColumnType, { readonly iceberg: string; readonly glue: string }>> = {
  text: { iceberg: 'string', glue: 'string' },
  double: { iceberg: 'double', glue: 'double' },
  bigint: { iceberg: 'long', glue: 'bigint' },
  int: { iceberg: 'int', glue: 'int' },
  date: { iceberg: 'date', glue: 'date' },
  timestamp: { iceberg: 'timestamptz', glue: 'timestamp' },
  boolean: { iceberg: 'boolean', glue: 'boolean' },
};

const NAMES = [
  'text',
  'double',
  'bigint',
  'int',
  'date',
  'timestamp',
  'boolean',
] as const satisfies readonly ColumnType[];

/** Columns as the seam tells them; `column_unsupported` for a type (list, struct, decimal, …) rows could not be carried of. */
export function columnsOf(table: string, fields: readonly Field[]): IcebergTable['columns'] {
  return fields.map(({ id, name, type }) => {
    const known = NAMES.find((one) => TYPES[one].iceberg === type);
    if (known !== undefined) return { id, name, type: known };
    throw new PortError(
      'column_unsupported',
      `The column ${name} of ${table} has a type the small engine cannot carry.`,
      {
        remedy: `Drop it (alter table ${table} drop column ${name}), or set engine to spark.`,
      },
    );
  });
}

/** Fields for columns by name and type, with ids from behind `last`. */
export function fieldsOf(columns: TableShape['columns'], last = 0): readonly Field[] {
  return Object.entries(columns).map(([name, type], at) => ({
    id: last + at + 1,
    name,
    required: false,
    type: TYPES[type].iceberg,
  }));
}

/** The metadata with the columns it lacks behind its own, or as it is; `schema_mismatch` where one has another type. */
export function withColumns(metadata: Metadata, { name: table, columns }: TableShape): Metadata {
  const schema = currentSchema(metadata);
  const there = new Map(schema.fields.map(({ name, type }) => [name, type]));
  const other = Object.entries(columns).find(
    ([name, type]) => there.has(name) && there.get(name) !== TYPES[type].iceberg,
  );
  if (other !== undefined) {
    throw new PortError(
      'schema_mismatch',
      `The column ${other[0]} of ${table} is of another type than its .yml says.`,
      {
        remedy: 'Rename one of them: the type of a column that holds rows stays.',
      },
    );
  }
  const lacking = Object.fromEntries(Object.entries(columns).filter(([name]) => !there.has(name)));
  const gained = fieldsOf(lacking, metadata['last-column-id']);
  if (gained.length === 0) return metadata;
  const schemaId = Math.max(...metadata.schemas.map((one) => one['schema-id'])) + 1;
  return {
    ...metadata,
    'last-column-id': metadata['last-column-id'] + gained.length,
    'current-schema-id': schemaId,
    schemas: [...metadata.schemas, { ...schema, 'schema-id': schemaId, fields: [...schema.fields, ...gained] }],
  };
}

/** Columns as Glue shows them; those of earlier schemas stay behind them, marked as no longer current. */
export function glueColumns(table: string, metadata: Metadata, before: readonly Column[] = []): Column[] {
  const { fields } = currentSchema(metadata);
  const required = new Set(fields.filter((field) => field.required).map(({ id }) => id));
  const current = columnsOf(table, fields).map(({ id, name, type }) => ({
    Name: name,
    Type: TYPES[type].glue,
    Parameters: {
      'iceberg.field.id': String(id),
      'iceberg.field.optional': String(!required.has(id)),
      'iceberg.field.current': 'true',
    },
  }));
  const names = new Set(current.map(({ Name }) => Name));
  const gone = before.filter(({ Name = '' }) => !names.has(Name));
  return [
    ...current,
    ...gone.map((one) => ({ ...one, Parameters: { ...one.Parameters, 'iceberg.field.current': 'false' } })),
  ];
}
