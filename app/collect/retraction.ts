import { recordFact } from '../facts.ts';
import { resourceSegment } from '../keys.ts';
import type { CollectRuntime } from './runtime.ts';
import type { Source } from './source.ts';

/** A thing the provider no longer has; `atMs` (Unix ms): what is received of it later counts again. */
export interface Deleted {
  /** The stream's word. */
  readonly type: string;
  readonly id: string;
  readonly atMs: number;
}

/** Takes back what was received of deleted things: one fact for those deleted at the same time, so that the tables follow. */
export async function retract(
  runtime: Pick<CollectRuntime, 'objects' | 'bus' | 'clock' | 'ids' | 'state'>,
  { provider, connection }: Pick<Source, 'provider' | 'connection'>,
  deleted: readonly Deleted[],
): Promise<void> {
  for (const effective_at of new Set(deleted.map(({ atMs }) => atMs))) {
    const records = deleted
      .filter(({ atMs }) => atMs === effective_at)
      .map(({ type, id }) => ({ account: connection.account, type: `${provider.id}.${resourceSegment(type)}`, id }));
    const data = { user_id: connection.user_id, effective_at, raw_keys: [], records };
    await recordFact(runtime, { type: 'wellspring.retraction', data });
  }
}
