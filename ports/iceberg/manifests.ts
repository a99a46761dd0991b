import * as z from 'zod';
import { PortError } from '../errors.ts';
import { decode, encode } from './avro.ts';
import { currentSchema, type Metadata, type Snapshot, type Spec } from './metadata.ts';
import { LIST, manifestOf } from './schemas.ts';
import type { Storage } from './storage.ts';

/** What became of a file in the snapshot that wrote the manifest. */
export const STATUS = { existing: 0, added: 1, deleted: 2 } as const;

const bytes = z.instanceof(Uint8Array).nullish();
const summary = z.object({
  contains_null: z.boolean(),
  contains_nan: z.boolean().nullish(),
  lower_bound: bytes,
  upper_bound: bytes,
});

/** A manifest as a snapshot's list names it. */
const manifest = z.object({
  manifest_path: z.string(),
  manifest_length: z.bigint(),
  partition_spec_id: z.number(),
  content: z.number(),
  sequence_number: z.bigint(),
  min_sequence_number: z.bigint(),
  added_snapshot_id: z.bigint(),
  added_files_count: z.number(),
  existing_files_count: z.number(),
  deleted_files_count: z.number(),
  added_rows_count: z.bigint(),
  existing_rows_count: z.bigint(),
  deleted_rows_count: z.bigint(),
  partitions: z.array(summary).nullish(),
  key_metadata: bytes,
});

/** A file as a manifest names it. Loose: other writers' figures about its columns are kept where a manifest is written again. */
const entry = z.object({
  status: z.number(),
  snapshot_id: z.bigint().nullish(),
  sequence_number: z.bigint().nullish(),
  file_sequence_number: z.bigint().nullish(),
  data_file: z.looseObject({
    content: z.number().default(0),
    file_path: z.string(),
    file_format: z.string(),
    partition: z.looseObject({}),
    record_count: z.bigint(),
    file_size_in_bytes: z.bigint(),
  }),
});

export type Summary = z.output<typeof summary>;
export type Manifest = z.output<typeof manifest>;
export type Entry = z.output<typeof entry>;

/** The manifests of a snapshot. */
export async function readManifests(storage: Storage, snapshot: Snapshot | undefined): Promise<readonly Manifest[]> {
  if (snapshot === undefined) return [];
  return parsed(manifest, decode(await storage.read(snapshot['manifest-list'])).records);
}

/** The files a manifest names. A file that was added says neither its snapshot nor its sequence: they are the manifest's. */
export async function readEntries(storage: Storage, of: Manifest): Promise<readonly Entry[]> {
  const entries = parsed(entry, decode(await storage.read(of.manifest_path)).records);
  return entries.map((one) => ({
    ...one,
    snapshot_id: one.snapshot_id ?? of.added_snapshot_id,
    sequence_number: one.sequence_number ?? of.sequence_number,
    file_sequence_number: one.file_sequence_number ?? of.sequence_number,
  }));
}

/** A manifest's bytes. */
export function printManifest(metadata: Metadata, spec: Spec, entries: readonly Entry[]): Buffer {
  const schema = currentSchema(metadata);
  const header = {
    'format-version': '2',
    content: 'data',
    schema: JSON.stringify(schema),
    'schema-id': String(schema['schema-id']),
    'partition-spec': JSON.stringify(spec.fields),
    'partition-spec-id': String(spec['spec-id']),
  };
  return encode(manifestOf(spec), header, entries);
}

/** The bytes of a snapshot's list of manifests. */
export function printList(
  snapshot: { readonly id: bigint; readonly parent: bigint | undefined; readonly sequence: number },
  manifests: readonly Manifest[],
): Buffer {
  const header = {
    'format-version': '2',
    'snapshot-id': String(snapshot.id),
    'parent-snapshot-id': String(snapshot.parent ?? null),
    'sequence-number': String(snapshot.sequence),
  };
  return encode(LIST, header, manifests);
}

/** Whether a manifest names files its snapshot has. */
export function isLive(one: Manifest): boolean {
  return one.added_files_count + one.existing_files_count > 0;
}

function parsed<T>(schema: z.ZodType<T>, records: readonly unknown[]): readonly T[] {
  const read = z.array(schema).safeParse(records);
  if (read.success) return read.data;
  throw new PortError('table_unsupported', 'A manifest of a table is not of Iceberg version 2.', {
    remedy: 'Rewrite the manifests with Spark (call lake.system.rewrite_manifests), or set engine to spark.',
    cause: read.error,
  });
}
