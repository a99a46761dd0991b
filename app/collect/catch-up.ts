import type { Stream } from '../../providers/kit/collect.ts';
import { addDays, localMoment } from '../days.ts';
import { type Backfill, backfillId, changeBackfill, newBackfill } from './backfill-record.ts';
import { oldestDay } from './range.ts';
import { reachDay } from './reach.ts';
import type { StreamReport } from './report.ts';
import type { CollectRuntime } from './runtime.ts';
import type { Source } from './source.ts';
import { isOpen } from './stretch.ts';
import { type Days, lastDays } from './window.ts';

/** A year, where the provider names no bound of its own. */
const DEFAULT_DAYS = 365;

/**
 * Gives the backfill what no look will ask for: all there is of a stream that may be asked for the first time, and the days between the last
 * look and the look-back of today. `news`: only the former, for there may still be a look today.
 */
export async function catchUp(runtime: CollectRuntime, source: Source, what: 'gaps' | 'news' = 'gaps'): Promise<void> {
  const { connection_id } = source.connection;
  const nowMs = runtime.clock.now();
  const { streams } = source.provider.collect;
  await changeBackfill(runtime, backfillId(connection_id), (before) => {
    const start = before ?? newBackfill(connection_id, nowMs, undefined);
    const after = streams.reduce((record, stream) => withDays(record, source, stream, { runtime, nowMs, what }), start);
    if (after === start) return before;
    return isOpen(after, streams) ? { ...after, finishedAt: null } : after;
  });
}

/** Takes the days of a look for whole where it was answered, and what was left out there for open again. */
export async function noteLooked(
  runtime: CollectRuntime,
  source: Source,
  first: string,
  reports: readonly StreamReport[],
): Promise<void> {
  const { streams } = source.provider.collect;
  await changeBackfill(runtime, backfillId(source.connection.connection_id), (before) => {
    if (before === undefined) return undefined;
    const stored = reports.filter(({ outcome, type }) => outcome === 'stored' && isReached(before, type, first));
    const whole = { ...before.whole };
    const left_out = { ...before.left_out };
    for (const { type } of stored) {
      whole[type] = later(first, whole[type]);
      delete left_out[type];
    }
    const after = { ...before, whole, left_out };
    return isOpen(after, streams) ? { ...after, finishedAt: null } : after;
  });
}

/** Takes all until `today` for whole where a provider sends everything itself: what nobody took since `first` it sends again. */
export async function noteReceived(
  runtime: CollectRuntime,
  source: Source,
  { first, today }: { readonly first: string; readonly today: string },
): Promise<void> {
  await changeBackfill(runtime, backfillId(source.connection.connection_id), (before) => {
    const reached = Object.entries(before?.whole ?? {}).filter(([, day]) => day < today && addDays(day, 1) >= first);
    if (before === undefined || reached.length === 0) return before;
    return { ...before, whole: { ...before.whole, ...Object.fromEntries(reached.map(([type]) => [type, today])) } };
  });
}

/** The first day that comes without a backfill: by a look, or because it is sent again; tomorrow where it is neither. */
export function firstLooked(runtime: Pick<CollectRuntime, 'lookbackDays'>, source: Source, nowMs: number): string {
  const { requestBackfill, backfillBounds } = source.provider.collect;
  const days = requestBackfill === undefined ? runtime.lookbackDays : (backfillBounds?.resendDays ?? 0);
  return lastDays(nowMs, source.zone, days).from;
}

/** Whether no day lies between what is known to be whole and these. */
function isReached({ whole }: Backfill, type: string, first: string): boolean {
  const until = whole[type];
  return until !== undefined && addDays(until, 1) >= first;
}

function withDays(
  record: Backfill,
  source: Source,
  { type, scope }: Stream,
  {
    runtime,
    nowMs,
    what,
  }: { readonly runtime: CollectRuntime; readonly nowMs: number; readonly what: 'gaps' | 'news' },
): Backfill {
  const isMissing = record.left_out[type]?.reason === 'scope_missing';
  const isGranted = scope === undefined || source.connection.scopes.includes(scope);
  const whole = record.whole[type];
  const first = firstLooked(runtime, source, nowMs);
  const { day: today } = localMoment(nowMs, source.zone);
  if (whole === undefined || (isMissing && isGranted)) {
    const { backfillDays = DEFAULT_DAYS } = source.provider.collect;
    const { [type]: _left, ...left_out } = record.left_out;
    const { [type]: _waits, ...waits } = record.waits;
    const others = record.stretches.filter((one) => one.type !== type || one.again === true);
    const oldest = lastDays(nowMs, source.zone, backfillDays).from;
    const days = { from: later(oldest, reachDay(source, record)), to: today };
    const begun = { ...record, left_out, waits, stretches: [...others, { type, ...days, done: null }] };
    return { ...begun, whole: { ...record.whole, [type]: first < today ? first : today } };
  }
  const last = addDays(first, -1);
  if (what === 'news' || isMissing || last <= whole) return record;
  const isSent = source.provider.collect.backfillBounds !== undefined;
  // Who sends may have given up sending again, and days from before the gap came late.
  const from = addDays(whole, isSent ? 1 - runtime.lookbackDays : 1);
  const gap = { from: later(from, oldestDay(source, nowMs, record)), to: isSent ? today : last };
  const owing = gap.from > gap.to ? record : withStretch(record, type, gap);
  return { ...owing, whole: { ...record.whole, [type]: gap.to } };
}

/** Days that follow on a stretch not begun make it longer; what is done makes room. */
function withStretch(record: Backfill, type: string, { from, to }: Days): Backfill {
  const open = record.stretches.filter(({ done, from: oldest }) => done !== oldest);
  const before = open.find(
    (one) => one.type === type && one.done === null && one.again === undefined && one.to === addDays(from, -1),
  );
  const rest = open.filter((one) => one !== before);
  return { ...record, stretches: [...rest, { type, from: before?.from ?? from, to, done: null }] };
}

function later(one: string, other: string | undefined): string {
  return other === undefined || one > other ? one : other;
}
