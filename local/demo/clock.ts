import type { Clock } from '../../ports/clock/clock.ts';
import { createSystemClock } from '../../ports/clock/system.ts';

/** The machine's time from another instant on, which can pass over what is only waiting. */
export interface DemoClock extends Clock {
  /** While `work` runs, half a minute passes in a third of a second: for providers that want to be left alone for a while. */
  hurry<T>(work: () => Promise<T>): Promise<T>;
  /** Goes forward by `ms` at once; whoever sleeps less than that wakes. */
  skip(ms: number): void;
}

const TICK_MS = 5;
/** Little enough that whoever renews a lease in time is never late. */
const STEP_MS = 500;

/** `startMs`: what it shows now, Unix ms; the machine's time when absent. */
export function createDemoClock(startMs?: number): DemoClock {
  const system = createSystemClock();
  let aheadMs = startMs === undefined ? 0 : startMs - system.now();
  const now = (): number => system.now() + aheadMs;
  const sleepers = new Set<{ readonly due: number; readonly wake: AbortController }>();

  function skip(ms: number): void {
    aheadMs += ms;
    for (const { due, wake } of sleepers) if (due <= now()) wake.abort();
  }

  return {
    now,
    skip,
    async sleep(ms, signal) {
      const wake = new AbortController();
      const sleeper = { due: now() + ms, wake };
      sleepers.add(sleeper);
      try {
        await system.sleep(ms, signal === undefined ? wake.signal : AbortSignal.any([signal, wake.signal]));
      } catch (error) {
        if (!wake.signal.aborted || signal?.aborted === true) throw error;
      } finally {
        sleepers.delete(sleeper);
      }
    },
    async hurry(work) {
      const done = new AbortController();
      const run = async (): Promise<void> => {
        while (!done.signal.aborted) {
          await system.sleep(TICK_MS);
          skip(STEP_MS);
        }
      };
      const running = run();
      try {
        return await work();
      } finally {
        done.abort();
        await running;
      }
    },
  };
}
