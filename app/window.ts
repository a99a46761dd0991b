import type { Limit } from '../providers/kit/collect.ts';

/** Requests as counted: per window length in s, how many fell into which slice of time, ascending. */
export type Counts = Readonly<Record<string, readonly Slice[]>>;
type Slice = readonly [number: number, requests: number];

/**
 * A window slides by a sixtieth of itself, and a slice counts as long as any of its requests could: no stretch of the
 * window's length ever holds more than the limit, at the price of waiting for up to one slice more.
 */
const SLICES = 60;

/** The instant (Unix ms) from which all limits have a place; undefined when they have one now. */
export function freeAt(counts: Counts, limits: readonly Limit[], nowMs: number): number | undefined {
  const waits = limits.flatMap((limit) => {
    let over = left(counts, limit, nowMs);
    if (over > 0) return [];
    const leaving = inside(counts, limit, nowMs).find(([, requests]) => (over += requests) > 0);
    return leaving === undefined ? [] : [endOf(leaving, limit) + limit.windowS * 1000];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** Counts one request under every limit, and forgets what lies behind all windows. */
export function add(counts: Counts, limits: readonly Limit[], nowMs: number): Counts {
  return Object.fromEntries(
    limits.map((limit) => {
      const slices = inside(counts, limit, nowMs);
      const number = Math.floor(nowMs / sliceMs(limit));
      const others = slices.filter(([other]) => other !== number);
      const before = slices.find(([other]) => other === number)?.[1] ?? 0;
      return [limit.windowS, [...others, [number, before + 1] as const].toSorted(([a], [b]) => a - b)];
    }),
  );
}

/** Requests one limit still allows at once. */
export function left(counts: Counts, limit: Limit, nowMs: number): number {
  return limit.requests - inside(counts, limit, nowMs).reduce((sum, [, requests]) => sum + requests, 0);
}

function inside(counts: Counts, limit: Limit, nowMs: number): readonly Slice[] {
  return (counts[limit.windowS] ?? []).filter((slice) => endOf(slice, limit) > nowMs - limit.windowS * 1000);
}

function endOf([number]: Slice, limit: Limit): number {
  return (number + 1) * sliceMs(limit);
}

function sliceMs({ windowS }: Limit): number {
  return Math.ceil((windowS * 1000) / SLICES);
}
