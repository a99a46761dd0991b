import { collect } from '../collect.ts';
import { listConnections } from '../connections.ts';
import { startBackfill } from './backfill.ts';
import type { CollectRuntime, Patience } from './runtime.ts';
import { ensureSubscriptions } from './subscriptions.ts';

/** What follows a new connection, or one with other scopes: its last days at once, then notices; the years before them are the sweep's. Safe to repeat. */
export async function begin(runtime: CollectRuntime, connectionId: string, patience: Patience = {}): Promise<void> {
  await collect(runtime, { ...patience, connectionId, days: runtime.firstFetchDays, afresh: true });
  await ensureSubscriptions(runtime, { ...patience, fresh: connectionId });
  const connection = (await listConnections(runtime)).find((one) => one.connection_id === connectionId);
  if (connection !== undefined) await startBackfill(runtime, connection);
}

/** Whether a change of a connection is one that fetching begins with. */
export function begins(change: string): boolean {
  return change === 'connected' || change === 'scopes_changed';
}
