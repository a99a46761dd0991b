import type { Stream } from '../../providers/kit/collect.ts';
import { addDays, daysBetween } from '../days.ts';
import type { Backfill, Stretch, Wait } from './backfill-record.ts';
import type { Days } from './window.ts';

/** The next thing to fetch: the newest days that are not done, of whichever stream does not wait. */
export interface Chunk extends Days, Pick<Stretch, 'again'>, Pick<Wait, 'tried'> {
  readonly stream: Stream;
  /** The oldest day of its stretch. */
  readonly oldest: string;
  /** Whether a part of its stretch is done. */
  readonly isBegun: boolean;
}

/** Lost days of a stream are begun once in so long: a provider whose every address is spent would be asked without end. */
const AGAIN_MS = 86_400_000;

/** Undefined when everything is done or waits. */
export function nextChunk(backfill: Backfill, streams: readonly Stream[], nowMs: number): Chunk | undefined {
  const ready = openDays(backfill, streams).filter(
    ({ stream: { type }, again, isBegun }) =>
      (backfill.waits[type]?.untilMs ?? 0) <= nowMs &&
      (again !== true || isBegun || (backfill.againAt?.[type] ?? -Infinity) + AGAIN_MS <= nowMs),
  );
  const [next] = ready.toSorted((a, b) => (a.to === b.to ? 0 : a.to > b.to ? -1 : 1));
  if (next === undefined) return undefined;
  const from = addDays(next.to, 1 - next.stream.windowDays);
  const { tried } = backfill.waits[next.stream.type] ?? {};
  return { ...next, from: from < next.oldest ? next.oldest : from, ...(tried !== undefined && { tried }) };
}

/** Whether something is still to be fetched, now or later. */
export function isOpen(backfill: Backfill, streams: readonly Stream[]): boolean {
  return openDays(backfill, streams).length > 0;
}

/** What of each stretch is not done; nothing of streams that are left out, or that the provider's file no longer names. */
function openDays({ stretches, left_out }: Backfill, streams: readonly Stream[]): readonly Chunk[] {
  return stretches.flatMap((stretch) => {
    const stream = streams.find(({ type }) => type === stretch.type);
    const to = stretch.done === null ? stretch.to : addDays(stretch.done, -1);
    return stream === undefined || stretch.type in left_out || to < stretch.from
      ? []
      : [
          {
            stream,
            from: stretch.from,
            oldest: stretch.from,
            to,
            isBegun: stretch.done !== null,
            ...(stretch.again && { again: stretch.again }),
          },
        ];
  });
}

/** With a chunk done; a stretch that was begun anew meanwhile stays as it is. */
export function withDone(backfill: Backfill, { stream, from, to, again }: Chunk): Backfill {
  const isOf = (one: Stretch): boolean =>
    one.type === stream.type &&
    one.again === again &&
    one.from <= from &&
    to === (one.done === null ? one.to : addDays(one.done, -1));
  const { [stream.type]: _, ...waits } = backfill.waits;
  return { ...backfill, waits, stretches: backfill.stretches.map((one) => (isOf(one) ? { ...one, done: from } : one)) };
}

/** Chunks that are done, and all there are but those left out. */
export function chunksOf(
  backfill: Backfill,
  streams: readonly Stream[],
): { readonly done: number; readonly total: number } {
  const sizes = new Map(streams.map(({ type, windowDays }) => [type, windowDays]));
  const partsOf = ({ type }: Stretch, from: string, to: string): number =>
    Math.max(0, Math.ceil((daysBetween(from, to) + 1) / (sizes.get(type) ?? 1)));
  const done = backfill.stretches.reduce(
    (sum, one) => sum + (one.done === null ? 0 : partsOf(one, one.done, one.to)),
    0,
  );
  const left = openDays(backfill, streams).reduce(
    (sum, { stream, from, to }) => sum + Math.ceil((daysBetween(from, to) + 1) / stream.windowDays),
    0,
  );
  return { done, total: done + left };
}

/** From the oldest day to the newest; undefined when there are none. */
export function spanOf({ stretches }: Backfill): Days | undefined {
  const [from] = stretches.map((one) => one.from).toSorted();
  const to = stretches
    .map((one) => one.to)
    .toSorted()
    .at(-1);
  return from === undefined || to === undefined ? undefined : { from, to };
}
