import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** Node's timers fire at once when asked for more than 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Shared by every clock of the process: receive times must not go back, whichever of them is asked. */
let latest = 0;

/** The machine's time. When the machine's clock steps back, `now` stands still until it has caught up. */
export function createSystemClock(): Clock {
  return {
    now() {
      latest = Math.max(latest, Date.now());
      return latest;
    },
    async sleep(ms, signal) {
      const options = signal === undefined ? {} : { signal };
      let left = ms;
      for (; left > LONGEST_TIMER_MS; left -= LONGEST_TIMER_MS) {
        await delay(LONGEST_TIMER_MS, undefined, options);
      }
      await delay(left, undefined, options);
    },
  };
}
