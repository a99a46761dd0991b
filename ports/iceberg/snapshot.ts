import type { DataFile } from './iceberg.ts';
import { dataFileOf, liveManifests, summaryOf } from './live.ts';
import { type Entry, type Manifest, printList, printManifest, readManifests, STATUS } from './manifests.ts';
import { currentSchema, currentSnapshot, type Metadata, type Spec } from './metadata.ts';
import { currentSpec } from './partition.ts';
import { rewrite } from './rewrite.ts';
import type { Storage } from './storage.ts';
import { summarize, tallyOf } from './summary.ts';

/** What a new snapshot is made with. */
export interface Making {
  readonly storage: Storage;
  /** Unix ms. */
  readonly now: number;
  /** The snapshot's id of 63 bits. */
  readonly id: bigint;
  /** Makes names nothing else has. */
  readonly unique: () => string;
}

/** Writes the manifests of a table after a change; answers its metadata with the new snapshot. No reader sees it before the pointer turns. */
export async function snapshotOf(
  name: string,
  metadata: Metadata,
  change: { readonly removed: readonly DataFile[]; readonly added: readonly DataFile[] },
  { storage, now, id, unique }: Making,
): Promise<Metadata> {
  const spec = currentSpec(metadata);
  const before = currentSnapshot(metadata);
  const manifests = liveManifests(name, metadata, await readManifests(storage, before));
  const { kept, entries } = await rewrite(storage, manifests, { ...change, id, spec });
  const sequence = metadata['last-sequence-number'] + 1;
  const unit = unique();
  const path = `${metadata.location}/metadata/${unit}-m0.avro`;
  const bytes = printManifest(metadata, spec, entries);
  await storage.write(path, bytes);
  const listed = [manifestOf({ path, bytes: bytes.length, id, sequence, spec }, entries), ...kept];
  const listPath = `${metadata.location}/metadata/snap-${id}-1-${unit}.avro`;
  await storage.write(listPath, printList({ id, parent: before?.['snapshot-id'], sequence }, listed));
  const timestamp = Math.max(now, metadata['last-updated-ms']);
  const snapshot = {
    'sequence-number': sequence,
    'snapshot-id': id,
    ...(before !== undefined && { 'parent-snapshot-id': before['snapshot-id'] }),
    'timestamp-ms': timestamp,
    summary: summarize(entries, listed, before),
    'manifest-list': listPath,
    'schema-id': currentSchema(metadata)['schema-id'],
  };
  return {
    ...metadata,
    'last-sequence-number': sequence,
    'last-updated-ms': timestamp,
    'current-snapshot-id': id,
    // A branch may say how long its history is kept.
    refs: { ...metadata.refs, main: { type: 'branch', ...metadata.refs['main'], 'snapshot-id': id } },
    snapshots: [...metadata.snapshots, snapshot],
    'snapshot-log': [...metadata['snapshot-log'], { 'timestamp-ms': timestamp, 'snapshot-id': id }],
  };
}

interface Written {
  readonly path: string;
  readonly bytes: number;
  readonly id: bigint;
  readonly sequence: number;
  readonly spec: Spec;
}

/** A new manifest as the list names it. */
function manifestOf({ path, bytes, id, sequence, spec }: Written, entries: readonly Entry[]): Manifest {
  const [existing, added] = [tallyOf(entries, STATUS.existing), tallyOf(entries, STATUS.added)];
  const deleted = tallyOf(entries, STATUS.deleted);
  const oldest = entries
    .filter(({ status }) => status === STATUS.existing)
    .reduce((least, one) => Math.min(least, Number(one.sequence_number ?? sequence)), sequence);
  const partitions = entries.map((one) => dataFileOf(one).partition);
  return {
    manifest_path: path,
    manifest_length: BigInt(bytes),
    partition_spec_id: spec['spec-id'],
    content: 0,
    sequence_number: BigInt(sequence),
    min_sequence_number: BigInt(oldest),
    added_snapshot_id: id,
    added_files_count: added.files,
    existing_files_count: existing.files,
    deleted_files_count: deleted.files,
    added_rows_count: BigInt(added.rows),
    existing_rows_count: BigInt(existing.rows),
    deleted_rows_count: BigInt(deleted.rows),
    partitions: spec.fields.map(() => summaryOf(partitions)),
    key_metadata: null,
  };
}
