import type { Denied } from '../app/denied.ts';
import type { Clock } from '../ports/clock/clock.ts';

const AGAIN_MS = 60_000;

/** Held in memory for the acknowledging path. `refresh` reads it at most once a minute; the first time it throws what `read` throws, later the one before holds on. */
export function createDenyList({ read, clock }: { readonly read: () => Promise<Denied>; readonly clock: Clock }): {
  readonly isRevoked: (keyid: string) => boolean;
  readonly isForgotten: (account: string) => boolean;
  readonly refresh: () => Promise<void>;
} {
  let denied: Denied | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    isRevoked: (keyid) => denied?.keys.has(keyid) === true,
    isForgotten: (account) => denied?.accounts.has(account) === true,
    async refresh() {
      const now = clock.now();
      if (now - readAt < AGAIN_MS) return;
      readAt = now;
      try {
        denied = await read();
      } catch (error) {
        readAt = Number.NEGATIVE_INFINITY;
        if (denied === undefined) throw error;
      }
    },
  };
}
