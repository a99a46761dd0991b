import { revokedKeys } from '../app/connections.ts';
import { forgottenAccounts } from '../app/forget/tombstone.ts';
import type { Clock } from '../ports/clock/clock.ts';
import type { State } from '../ports/state/state.ts';

/** Revoked key ids and forgotten accounts, held in memory for the acknowledging path and read again at most once a second. */
export function createDenyList(options: { readonly state: State; readonly clock: Clock }): {
  readonly has: (keyid: string) => boolean;
  readonly isForgotten: (account: string) => boolean;
  readonly refresh: () => Promise<void>;
} {
  let keys: ReadonlySet<string> = new Set();
  let accounts: ReadonlySet<string> = new Set();
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    has: (keyid) => keys.has(keyid),
    isForgotten: (account) => accounts.has(account),
    async refresh() {
      const now = options.clock.now();
      if (now - readAt < 1000) return;
      keys = await revokedKeys(options.state);
      accounts = await forgottenAccounts(options.state);
      readAt = now;
    },
  };
}
