import { WellspringError } from '../../../app/errors.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';

interface Patience {
  readonly everyMs: number;
  readonly forMs: number;
  readonly signal: AbortSignal;
  /** What is told when it has taken too long. */
  readonly message: string;
  readonly remedy: string;
}

/** Looks again and again until there is something; throws `timed_out` (exit 9), and what `look` throws. Rejects when `signal` ends the wait. */
export async function until<T>(look: () => Promise<T | undefined>, patience: Patience): Promise<T> {
  const { everyMs, forMs, signal, message, remedy } = patience;
  const clock = createSystemClock();
  const end = clock.now() + forMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (clock.now() >= end) throw new WellspringError({ code: 'timed_out', message, remedy, exit: 9 });
    await clock.sleep(everyMs, signal);
  }
}
