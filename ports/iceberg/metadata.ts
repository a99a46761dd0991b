import * as z from 'zod';
import { PortError } from '../errors.ts';
import { parseJson } from './bigints.ts';

/** Ids of snapshots, of whatever length. */
const id = z.union([z.number(), z.bigint()]).transform(BigInt);

const field = z.looseObject({ id: z.number(), name: z.string(), required: z.boolean(), type: z.unknown() });
const schema = z.looseObject({ 'schema-id': z.number().default(0), fields: z.array(field) });
const specField = z.looseObject({
  name: z.string(),
  transform: z.string(),
  'source-id': z.number(),
  'field-id': z.number(),
});
const spec = z.looseObject({ 'spec-id': z.number(), fields: z.array(specField) });
const snapshot = z.looseObject({
  'snapshot-id': id,
  'sequence-number': z.number(),
  'timestamp-ms': z.number(),
  'manifest-list': z.string(),
  summary: z.record(z.string(), z.string()).default({}),
});
const statistics = z.looseObject({ 'snapshot-id': id, 'statistics-path': z.string() });

/**
 * A table's metadata file, version 2 (https://iceberg.apache.org/spec/#table-metadata). Objects are loose: what is not named here is
 * written again as it was read.
 */
const metadata = z.looseObject({
  'format-version': z.literal(2),
  'table-uuid': z.string(),
  location: z.string(),
  'last-sequence-number': z.number(),
  'last-updated-ms': z.number(),
  'last-column-id': z.number(),
  'current-schema-id': z.number(),
  schemas: z.array(schema),
  'default-spec-id': z.number(),
  'partition-specs': z.array(spec),
  properties: z.record(z.string(), z.string()).default({}),
  'current-snapshot-id': id.nullish(),
  refs: z.record(z.string(), z.looseObject({ 'snapshot-id': id, type: z.string() })).default({}),
  snapshots: z.array(snapshot).default([]),
  statistics: z.array(statistics).default([]),
  'partition-statistics': z.array(statistics).default([]),
  'snapshot-log': z.array(z.looseObject({ 'timestamp-ms': z.number(), 'snapshot-id': id })).default([]),
  'metadata-log': z.array(z.looseObject({ 'timestamp-ms': z.number(), 'metadata-file': z.string() })).default([]),
});

export type Metadata = z.output<typeof metadata>;
export type Schema = z.output<typeof schema>;
export type Field = z.output<typeof field>;
export type Spec = z.output<typeof spec>;
export type Snapshot = z.output<typeof snapshot>;

/** Reads a metadata file; `table_unsupported` for another format version and for what is no such file. */
export function readMetadata(text: string): Metadata {
  const read = metadata.safeParse(parsed(text));
  if (read.success) return read.data;
  throw new PortError('table_unsupported', 'The metadata of a table is not of Iceberg version 2.', {
    remedy: 'Look at its properties (format-version); what another version wrote needs engine to be spark.',
    cause: read.error,
  });
}

/** The snapshot readers see; undefined before the first. */
export function currentSnapshot({ 'current-snapshot-id': current, snapshots }: Metadata): Snapshot | undefined {
  return snapshots.find((one) => one['snapshot-id'] === current);
}

/** The schema rows are written by. */
export function currentSchema({ 'current-schema-id': current, schemas }: Metadata): Schema {
  const found = schemas.find((one) => one['schema-id'] === current);
  if (found === undefined) throw new PortError('table_unsupported', 'The metadata of a table lacks its schema.');
  return found;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
