import type { Metadata, Snapshot } from './metadata.ts';

/** The snapshots a table forgets with time: older than `before` (Unix ms), neither current nor named by a branch or tag. */
export function expiredIn(metadata: Metadata, before: number): readonly Snapshot[] {
  const kept = new Set([
    metadata['current-snapshot-id'],
    ...Object.values(metadata.refs).map((one) => one['snapshot-id']),
  ]);
  return metadata.snapshots.filter((one) => !kept.has(one['snapshot-id']) && one['timestamp-ms'] < before);
}

/** The metadata without some snapshots and what is said about them. */
export function without(metadata: Metadata, expired: readonly Snapshot[], now: number): Metadata {
  const gone = new Set(expired.map((one) => one['snapshot-id']));
  const stays = (one: { readonly 'snapshot-id': bigint }): boolean => !gone.has(one['snapshot-id']);
  // The log must not have a gap: it begins behind the last one that is gone.
  const log = metadata['snapshot-log'];
  const last = log.findLastIndex((one) => !stays(one));
  return {
    ...metadata,
    'last-updated-ms': Math.max(now, metadata['last-updated-ms']),
    snapshots: metadata.snapshots.filter(stays),
    statistics: metadata.statistics.filter(stays),
    'partition-statistics': metadata['partition-statistics'].filter(stays),
    'snapshot-log': log.slice(last + 1),
  };
}
