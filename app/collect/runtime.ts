import type { Runtime } from '../runtime.ts';

/** What fetching may use: everything but the tables and the pages. */
export type CollectRuntime = Omit<Runtime, 'engine' | 'warehouse' | 'readings' | 'mailbox' | 'ownerToken' | 'version'>;

/** How long and how loudly something may be asked for. */
export interface Patience {
  /** For one place within the provider's limits; 2 s when absent: background work comes back later. */
  readonly maxWaitMs?: number;
  /** Ends the work between two requests; what is left stays noted. */
  readonly signal?: AbortSignal | undefined;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
