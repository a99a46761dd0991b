import type { Metadata, Snapshot } from './metadata.ts';

/**
 * The snapshots a table forgets with time: those that were replaced before `before` (Unix ms), neither current nor named by a branch or tag.
 * Their own age says nothing: of a table that rarely changes an old one may have been current until a moment ago, and readers of it go on.
 */
export function expiredIn(metadata: Metadata, before: number): readonly Snapshot[] {
  const kept = new Set([
    metadata['current-snapshot-id'],
    ...Object.values(metadata.refs).map((one) => one['snapshot-id']),
  ]);
  return metadata.snapshots.filter((one) => !kept.has(one['snapshot-id']) && replacedAt(metadata, one) < before);
}

/** When readers began to see another one (Unix ms), by the log; of one the log has lost or never had, the next snapshot is taken for that. */
function replacedAt({ snapshots, 'snapshot-log': log }: Metadata, snapshot: Snapshot): number {
  // One that was rolled back to was current more than once.
  const last = log.findLastIndex((one) => one['snapshot-id'] === snapshot['snapshot-id']);
  const next = last < 0 ? undefined : log[last + 1];
  if (next !== undefined) return next['timestamp-ms'];
  const made = snapshot['timestamp-ms'];
  const later = snapshots.map((one) => one['timestamp-ms']).filter((at) => at > made);
  return later.reduce((least, at) => Math.min(least, at), later[0] ?? made);
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
