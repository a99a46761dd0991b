import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Clock } from '../../../ports/clock/clock.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Turns of the event loop in which nothing may be under way before time passes. */
const QUIET_TURNS = 3;

/**
 * Time that passes only where somebody sleeps and nothing is under way: a call over the network takes no time,
 * a wait for ten minutes neither. What is under way is told by `during`.
 */
export function createPatientClock(startMs: number) {
  let now = startMs;
  let busy = 0;
  let sleepers: Sleeper[] = [];
  let pumping = false;

  async function quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS;) {
      if (busy > 0) await setTimeout(1);
      else await setImmediate();
      turns = busy > 0 ? 0 : turns + 1;
    }
  }

  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    while (sleepers.length > 0) {
      await quiet();
      const [first] = sleepers.toSorted((a, b) => a.dueMs - b.dueMs);
      if (first === undefined) break;
      sleepers = sleepers.filter((one) => one !== first);
      now = Math.max(now, first.dueMs);
      first.wake();
    }
    pumping = false;
  }

  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper: Sleeper = { dueMs: now + Math.max(0, ms), wake: resolve };
        const abort = (): void => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(Object.assign(new Error('aborted'), { name: 'AbortError' }));
        };
        if (signal?.aborted === true) {
          abort();
          return;
        }
        signal?.addEventListener('abort', abort, { once: true });
        sleepers.push(sleeper);
        void pump();
      }),
  };
  return {
    ...clock,
    advance: (ms: number) => void (now += ms),
    async during<T>(work: () => Promise<T>): Promise<T> {
      busy += 1;
      try {
        return await work();
      } finally {
        busy -= 1;
      }
    },
  };
}

export type PatientClock = ReturnType<typeof createPatientClock>;
