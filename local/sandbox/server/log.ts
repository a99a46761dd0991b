import type { Clock } from '../../../ports/clock/clock.ts';
import type { FaultName } from '../fault.ts';

/** One request, in words: never a token, a query or a body. */
export interface Entry {
  readonly atMs: number;
  readonly provider: string;
  /** `in`: asked by the product; `out`: sent to it. */
  readonly direction: 'in' | 'out';
  readonly what: string;
  /** 0: no answer came through. */
  readonly status: number;
  readonly fault?: FaultName | undefined;
}

export interface Log {
  add(entry: Omit<Entry, 'atMs'>): void;
  /** The newest first. */
  entries(): readonly Entry[];
}

const KEPT = 2000;

export function createLog(clock: Clock): Log {
  let entries: Entry[] = [];
  return {
    add(entry) {
      entries.push({ atMs: clock.now(), ...entry });
      if (entries.length > 2 * KEPT) entries = entries.slice(-KEPT);
    },
    entries: () => entries.toReversed(),
  };
}
