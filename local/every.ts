import type { Clock } from '../ports/clock/clock.ts';

/** Does `work` now and then again `ms` after each end, until `signal`; `work` must not throw. */
export function every(clock: Clock, ms: number, signal: AbortSignal, work: () => Promise<void>): void {
  const loop = async () => {
    while (!signal.aborted) {
      await work();
      await clock.sleep(ms, signal).catch(() => undefined);
    }
  };
  void loop();
}
