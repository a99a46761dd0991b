import { localMoment } from '../days.ts';
import { type Backfill, backfillId, readBackfill } from './backfill-record.ts';
import { DAY_MS, type CollectRuntime } from './runtime.ts';
import type { Source } from './source.ts';

/** The instant (Unix ms) before which the provider sends nothing, by when the connection's backfill began; undefined where it names no such bound. */
export function reachMs({ provider }: Pick<Source, 'provider'>, { startedAt }: Pick<Backfill, 'startedAt'>) {
  const days = provider.collect.backfillBounds?.reachDays;
  return days === undefined ? undefined : startedAt - days * DAY_MS;
}

/** Its local day. */
export function reachDay(source: Pick<Source, 'provider' | 'zone'>, record: Pick<Backfill, 'startedAt'>) {
  const ms = reachMs(source, record);
  return ms === undefined ? undefined : localMoment(ms, source.zone).day;
}

/** The record that says when a connection's backfill began; one that would begin now where there is none. */
export async function begunAt(
  runtime: Pick<CollectRuntime, 'state' | 'clock'>,
  { connection }: Pick<Source, 'connection'>,
): Promise<Pick<Backfill, 'startedAt'>> {
  const record = await readBackfill(runtime, backfillId(connection.connection_id));
  return record ?? { startedAt: runtime.clock.now() };
}
