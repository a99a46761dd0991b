import type { Stream } from '../../providers/kit/collect.ts';
import { type Backfill, backfillId, changeBackfill, newBackfill } from './backfill-record.ts';
import type { Address } from './meaning.ts';
import { DAY_MS, type CollectRuntime } from './runtime.ts';
import type { Source } from './source.ts';
import { isOpen } from './stretch.ts';
import { type Days, daysOfMeaning, union } from './window.ts';

/**
 * Gives the backfill the days of addresses that are spent and whose answers are stored nowhere: the provider is asked to send them again.
 * What it cannot be asked for is counted as `callback_lost`.
 */
export async function askAgain(runtime: CollectRuntime, source: Source, lost: readonly Address[]): Promise<void> {
  const { provider, connection } = source;
  const { requestBackfill, streams } = provider.collect;
  const wanted = new Map<Stream, readonly Days[]>();
  for (const address of lost) {
    const stream = streams.find(({ type }) => type === address.type);
    const days = daysOf(runtime, source, address);
    // A linked account has no grant to ask with.
    const mayAsk = requestBackfill !== undefined && connection.kind === 'oauth';
    if (stream === undefined || days === undefined || !mayAsk) runtime.counters?.count(provider.id, 'callback_lost');
    else wanted.set(stream, [...(wanted.get(stream) ?? []), days]);
  }
  if (wanted.size === 0) return;
  const { connection_id: id } = connection;
  await changeBackfill(runtime, backfillId(id), (before) => {
    const start = before ?? newBackfill(id, runtime.clock.now(), undefined);
    const after = [...wanted].reduce((record, [stream, days]) => withAgain(record, stream, days), start);
    return isOpen(after, streams) ? { ...after, finishedAt: null } : after;
  });
}

/** The days an upload may be about: a watch brings days it could not bring before, so the look-back before it is asked for as well. */
function daysOf(
  { clock, lookbackDays }: CollectRuntime,
  { provider, zone }: Source,
  { fromMs, toMs, atMs }: Address,
): Days | undefined {
  const backMs = Math.max(1, lookbackDays) * DAY_MS;
  const at = (first: number, last: number) =>
    daysOfMeaning({ fromMs: first - backMs, toMs: last }, clock.now(), zone, provider.collect.backfillDays);
  const days = at(fromMs ?? atMs, toMs ?? atMs) ?? at(atMs, atMs);
  return days && { from: days.from, to: days.to };
}

/** Lost days that are not begun are joined: a minute of many pings is one request. */
function withAgain(record: Backfill, { type, windowDays }: Stream, days: readonly Days[]): Backfill {
  const isJoined = (one: Backfill['stretches'][number]): boolean =>
    one.again === true && one.type === type && one.done === null;
  const joined = union([...record.stretches.filter(isJoined), ...days], windowDays);
  const begun = joined.map(({ from, to }) => ({ type, from, to, done: null, again: true }) as const);
  return { ...record, stretches: [...record.stretches.filter((one) => !isJoined(one)), ...begun] };
}
