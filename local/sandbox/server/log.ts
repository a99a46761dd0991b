import type { Clock } from '../../../ports/clock/clock.ts';
import type { FaultName } from '../fault.ts';

/** One request, or a button somebody pressed, in words: never a token, a query or a body. */
export interface Entry {
  readonly atMs: number;
  readonly provider: string;
  /** `in`: asked by the product; `out`: sent to it; `press`: a button of the page. */
  readonly direction: 'in' | 'out' | 'press';
  readonly what: string;
  /** 0: no answer came through, or there is none to a press. */
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
