import { createHorizon, type Horizon } from './horizon.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createLimit, type Limit, type Window } from './limit.ts';
import { createLog, type Log } from './log.ts';
import type { SandboxOptions } from './options.ts';
import { createTrouble, type Trouble } from './trouble.ts';

/** What all simulated providers share: what is held, who may see it, what was asked. */
export interface World {
  readonly options: SandboxOptions;
  readonly horizon: Horizon;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly trouble: Trouble;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The rate limit of a provider, as documented unless the options say otherwise. */
  limit(provider: string, documented: Window): Limit;
  /** Aborted when the sandbox is closed: nobody sleeps longer. */
  readonly stop: AbortController;
}

export function createWorld(options: SandboxOptions): World {
  const { clock, chance, holdings, faults, limits = {} } = options;
  return {
    options,
    horizon: createHorizon(holdings, options.knownUntilS ?? 0),
    ledger: createLedger(chance.fork('ledger'), clock),
    log: createLog(clock),
    trouble: createTrouble(faults),
    fetch: options.fetch ?? fetch,
    limit: (provider, documented) => createLimit(limits[provider] ?? documented, clock),
    stop: new AbortController(),
  };
}
