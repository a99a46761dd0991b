import type { Clock } from '../ports/clock/clock.ts';

/** Something that others may change, held in memory. */
export interface Held<T> {
  /** As it was read last; throws before the first time. */
  readonly value: () => T;
  /** Reads it again when it is old; the first time throws what reading throws, later the one before holds on. */
  readonly refresh: () => Promise<void>;
}

/** Holds what `read` answers, and asks for it at most once in `againMs`; after a failure at once. */
export function createHeld<T extends object>(options: {
  readonly read: () => Promise<T>;
  readonly clock: Clock;
  readonly againMs: number;
}): Held<T> {
  const { read, clock, againMs } = options;
  let held: T | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    value() {
      if (held === undefined) throw new TypeError('held: nothing was read yet');
      return held;
    },
    async refresh() {
      const now = clock.now();
      if (now - readAt < againMs) return;
      readAt = now;
      try {
        held = await read();
      } catch (error) {
        readAt = Number.NEGATIVE_INFINITY;
        if (held === undefined) throw error;
      }
    },
  };
}

/** For secrets, which cost a call each: whoever changes one waits so long until it holds everywhere. */
export const SECRETS_MS = 5 * 60_000;
