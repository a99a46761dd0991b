import { readEntries, readManifests, STATUS } from './manifests.ts';
import type { Metadata, Snapshot } from './metadata.ts';
import type { Storage } from './storage.ts';

/**
 * The addresses of every file that readers of some snapshots need: lists, manifests, rows, deletions, statistics. What a snapshot took out
 * is a need of those before it.
 */
export async function reachOf(
  storage: Storage,
  metadata: Metadata,
  snapshots: readonly Snapshot[],
): Promise<ReadonlySet<string>> {
  const ids = new Set(snapshots.map((one) => one['snapshot-id']));
  const statistics = [...metadata.statistics, ...metadata['partition-statistics']]
    .filter((one) => ids.has(one['snapshot-id']))
    .map((one) => one['statistics-path']);
  const needed = new Set([...snapshots.map((one) => one['manifest-list']), ...statistics]);
  const lists = await Promise.all(snapshots.map((one) => readManifests(storage, one)));
  const manifests = new Map(lists.flat().map((one) => [one.manifest_path, one]));
  for (const manifest of manifests.values()) {
    needed.add(manifest.manifest_path);
    const entries = await readEntries(storage, manifest);
    for (const { status, data_file: file } of entries) if (status !== STATUS.deleted) needed.add(file.file_path);
  }
  return needed;
}
