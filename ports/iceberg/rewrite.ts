import { PortError } from '../errors.ts';
import type { DataFile } from './iceberg.ts';
import { liveEntries } from './live.ts';
import { type Entry, type Manifest, STATUS } from './manifests.ts';
import type { Spec } from './metadata.ts';
import type { Storage } from './storage.ts';

/** From so many manifests on the small ones become one: each is a request for every reader. */
const MANY = 50;
const SMALL_BYTES = 8 * 1024 * 1024;

/** A snapshot's manifests to be: those that stay as they are, and what the new one names. */
export interface Rewrite {
  readonly kept: readonly Manifest[];
  readonly entries: readonly Entry[];
}

/** Takes files out of the manifests and puts others in; only a manifest that loses a file is written again. `file_unknown` for a file that is not there. */
export async function rewrite(
  storage: Storage,
  manifests: readonly Manifest[],
  change: {
    readonly id: bigint;
    readonly spec: Spec;
    readonly removed: readonly DataFile[];
    readonly added: readonly DataFile[];
  },
): Promise<Rewrite> {
  const { id, spec, removed, added } = change;
  const gone = new Set(removed.map(({ path }) => path));
  const read = await liveEntries(storage, manifests, new Set(removed.map(({ partition }) => partition)));
  const isGone = ({ data_file: file }: Entry): boolean => gone.has(file.file_path);
  const touched = read.filter(({ entries }) => entries.some(isGone));
  const found = touched.flatMap(({ entries }) => entries);
  const deleted = found.filter(isGone);
  if (deleted.length !== gone.size) {
    throw new PortError('file_unknown', 'A file to be taken out of a table is not in it.', {
      remedy: 'Ask for the files of the table that was loaded.',
    });
  }
  const untouched = manifests.filter((one) => touched.every(({ manifest }) => manifest !== one));
  const small = untouched.filter(({ manifest_length: bytes }) => bytes < SMALL_BYTES);
  const folded = untouched.length < MANY ? [] : await liveEntries(storage, small);
  return {
    kept: untouched.filter((one) => folded.every(({ manifest }) => manifest !== one)),
    entries: [
      ...added.map((file) => entryOf(file, spec, id)),
      ...[...found.filter((one) => !isGone(one)), ...folded.flatMap(({ entries }) => entries)].map((one) => ({
        ...one,
        status: STATUS.existing,
      })),
      ...deleted.map((one) => ({ ...one, status: STATUS.deleted, snapshot_id: id })),
    ],
  };
}

/** A file that comes in; its sequence is left to the manifest, as Iceberg wants it. */
function entryOf({ path, partition, rows, bytes }: DataFile, spec: Spec, id: bigint): Entry {
  return {
    status: STATUS.added,
    snapshot_id: id,
    sequence_number: null,
    file_sequence_number: null,
    data_file: {
      content: 0,
      file_path: path,
      file_format: 'PARQUET',
      partition: Object.fromEntries(spec.fields.map(({ name }) => [name, partition])),
      record_count: BigInt(rows),
      file_size_in_bytes: BigInt(bytes),
    },
  };
}
