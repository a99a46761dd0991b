import type { Stream } from '../../providers/kit/collect.ts';
import { addDays, daysBetween } from '../days.ts';
import type { CollectRuntime } from './runtime.ts';
import type { Days } from './window.ts';

/** How far a backfill has come; advanced only after what it says is stored, so that it goes on after any end. */
export interface Backfill extends Days {
  readonly connection_id: string;
  /** By type: the oldest day that is done; newest first, so all from there to `to` is. */
  readonly done: Readonly<Record<string, string>>;
  /** By type: why a stream was left out, in words. */
  readonly left_out: Readonly<Record<string, string>>;
  /** Unix ms. */
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly requests: number;
  /** Not gone on with before, Unix ms; 0 when nothing stands in the way. */
  readonly notBeforeMs: number;
  readonly attempts: number;
}

/** The next thing to fetch: the newest days that are not done, of whichever stream. */
export interface Chunk extends Days {
  readonly stream: Stream;
}

const KIND = 'backfill';

type StateRuntime = Pick<CollectRuntime, 'state'>;

/** The id of the backfill after connecting is the connection's, that of one somebody asked for names its days too. */
export function backfillId(connectionId: string, days?: Days): string {
  return days === undefined ? connectionId : `${connectionId}/${days.from}/${days.to}`;
}

export async function readBackfill({ state }: StateRuntime, id: string): Promise<Backfill | undefined> {
  return (await state.get<Backfill>(KIND, id))?.value;
}

export async function writeBackfill({ state }: StateRuntime, id: string, backfill: Backfill): Promise<void> {
  await state.put(KIND, id, backfill);
}

/** Backfills that are not finished, by id. */
export async function openBackfills({
  state,
}: StateRuntime): Promise<readonly { readonly id: string; readonly value: Backfill }[]> {
  return (await state.list<Backfill>(KIND)).filter(({ value }) => value.finishedAt === null);
}

/** A backfill nothing of which is done. */
export function newBackfill(connectionId: string, { from, to }: Days, startedAt: number): Backfill {
  const nothing = { done: {}, left_out: {}, finishedAt: null, requests: 0, notBeforeMs: 0, attempts: 0 };
  return { connection_id: connectionId, from, to, ...nothing, startedAt };
}

/** Undefined when everything is done. */
export function nextChunk(backfill: Backfill, streams: readonly Stream[]): Chunk | undefined {
  const open = streams.flatMap((stream) => {
    const oldest = backfill.done[stream.type];
    const to = oldest === undefined ? backfill.to : addDays(oldest, -1);
    return stream.type in backfill.left_out || to < backfill.from ? [] : [{ stream, to }];
  });
  const [next] = open.toSorted((a, b) => (a.to === b.to ? 0 : a.to > b.to ? -1 : 1));
  if (next === undefined) return undefined;
  const from = addDays(next.to, 1 - next.stream.windowDays);
  return { stream: next.stream, from: from < backfill.from ? backfill.from : from, to: next.to };
}

/** Chunks that are done, and all there are. */
export function chunksOf(
  backfill: Backfill,
  streams: readonly Stream[],
): { readonly done: number; readonly total: number } {
  const all = streams.map((stream) => {
    const total = partsOf(backfill.from, backfill.to, stream.windowDays);
    const oldest = backfill.done[stream.type];
    if (stream.type in backfill.left_out) return { total, left: 0 };
    return {
      total,
      left: oldest === undefined ? total : partsOf(backfill.from, addDays(oldest, -1), stream.windowDays),
    };
  });
  const sum = (of: (one: { total: number; left: number }) => number): number => all.reduce((n, one) => n + of(one), 0);
  return { done: sum(({ total, left }) => total - left), total: sum(({ total }) => total) };
}

function partsOf(from: string, to: string, size: number): number {
  return Math.max(0, Math.ceil((daysBetween(from, to) + 1) / size));
}
