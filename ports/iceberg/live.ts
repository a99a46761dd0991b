import { PortError } from '../errors.ts';
import type { DataFile } from './iceberg.ts';
import { type Entry, isLive, type Manifest, readEntries, STATUS, type Summary } from './manifests.ts';
import type { Metadata } from './metadata.ts';
import type { Storage } from './storage.ts';

/** Partitions by number; null stands for rows without a value, and for all rows of a table that has no partition. */
export type Partitions = ReadonlySet<number | null>;

/**
 * The manifests with files readers see. `table_has_deletes` when files of deletions lie beside them, `table_unsupported` when files were
 * written by an earlier partition.
 */
export function liveManifests(name: string, metadata: Metadata, manifests: readonly Manifest[]): readonly Manifest[] {
  const live = manifests.filter(isLive);
  if (live.some(({ content }) => content !== 0)) {
    throw new PortError('table_has_deletes', `Beside the rows of ${name} lie files of deletions.`, {
      remedy: `Put them together: in Athena optimize ${name} rewrite data using bin_pack, or let a run with engine spark do it.`,
    });
  }
  if (live.some((one) => one.partition_spec_id !== metadata['default-spec-id'])) {
    throw new PortError('table_unsupported', `Files of ${name} were written by an earlier partition.`, {
      remedy: `Write them again with Spark (call lake.system.rewrite_data_files), or set engine to spark.`,
    });
  }
  return live;
}

/** The files of some manifests that readers see, with the manifest each is in; manifests that hold none of the partitions are not read. */
export async function liveEntries(storage: Storage, manifests: readonly Manifest[], partitions?: Partitions) {
  const wanted = manifests.filter((one) => partitions === undefined || mayHold(one, partitions));
  return Promise.all(
    wanted.map(async (manifest) => {
      const entries = await readEntries(storage, manifest);
      return { manifest, entries: entries.filter(({ status }) => status !== STATUS.deleted) };
    }),
  );
}

/** A file as the seam tells it; `table_unsupported` where it is no Parquet. */
export function dataFileOf({ data_file: file }: Entry): DataFile {
  if (file.file_format.toUpperCase() !== 'PARQUET') {
    throw new PortError('table_unsupported', 'A table has files that are no Parquet.', {
      remedy: 'Set write.format.default of the table to parquet and write its files again with Spark.',
    });
  }
  const [partition] = Object.values(file.partition);
  return {
    path: file.file_path,
    partition: typeof partition === 'number' ? partition : null,
    rows: Number(file.record_count),
    bytes: Number(file.file_size_in_bytes),
  };
}

/** What a list says of the partitions of a manifest, so that readers need not open it. */
export function summaryOf(partitions: readonly (number | null)[]): Summary {
  const values = partitions.filter((one) => one !== null);
  return {
    contains_null: values.length < partitions.length,
    contains_nan: false,
    lower_bound: values.length === 0 ? null : bound(values.reduce((a, b) => Math.min(a, b))),
    upper_bound: values.length === 0 ? null : bound(values.reduce((a, b) => Math.max(a, b))),
  };
}

function bound(value: number) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function mayHold({ partitions: summaries }: Manifest, partitions: Partitions): boolean {
  const [summary] = summaries ?? [];
  if (summary === undefined) return true;
  const { contains_null: containsNull, lower_bound: lower, upper_bound: upper } = summary;
  const [from, to] = [lower, upper].map((bytes) =>
    bytes?.length === 4 ? Buffer.from(bytes).readInt32LE() : undefined,
  );
  return [...partitions].some((one) => {
    if (one === null) return containsNull;
    return from !== undefined && to !== undefined && from <= one && one <= to;
  });
}
