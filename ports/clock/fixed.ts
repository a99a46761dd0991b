import { PortError } from '../errors.ts';
import type { Clock } from './clock.ts';

/** A clock that stands still until it is told otherwise. */
export interface FixedClock extends Clock {
  /** Moves to an instant in Unix ms and wakes, in order of their time, the sleepers it passes; `clock_backwards` for an earlier one. */
  set(ms: number): void;
  /** Moves forward by `ms`. */
  advance(ms: number): void;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** A clock for tests and reproducible runs, starting at `startMs` (Unix ms). */
export function createFixedClock(startMs: number): FixedClock {
  let now = startMs;
  let sleepers: readonly Sleeper[] = [];

  function set(ms: number): void {
    if (ms < now) throw new PortError('clock_backwards', `A clock at ${now} cannot go back to ${ms}.`);
    now = ms;
    const due = sleepers.filter((sleeper) => sleeper.due <= now);
    sleepers = sleepers.filter((sleeper) => sleeper.due > now);
    for (const sleeper of due.toSorted((a, b) => a.due - b.due)) sleeper.wake();
  }

  return {
    now: () => now,
    set,
    advance: (ms) => set(now + ms),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(reasonOf(signal));
        if (ms <= 0) return resolve();
        const sleeper: Sleeper = {
          due: now + ms,
          wake: () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        const abort = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          if (signal) reject(reasonOf(signal));
        };
        signal?.addEventListener('abort', abort, { once: true });
        sleepers = [...sleepers, sleeper];
      }),
  };
}

/** The same kind of error as Node's own timers give, so that callers need not know which clock they have. */
function reasonOf(signal: AbortSignal): Error {
  return Object.assign(new Error('The sleep was aborted.', { cause: signal.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  });
}
