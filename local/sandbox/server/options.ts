import type { Clock } from '../../../ports/clock/clock.ts';
import type { Chance } from '../chance.ts';
import type { Faults } from '../fault.ts';
import type { Holding } from '../holding.ts';
import type { Window } from './limit.ts';

/** The product as an app registered at a provider. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  /** As entered in the portal; any one is taken when absent. */
  readonly redirectUris?: readonly string[];
}

export interface SandboxOptions {
  /** Everything the providers ever come to hold; one without records is an account to consent with. */
  readonly holdings: readonly Holding[];
  /** By provider. A provider without one is not there. */
  readonly credentials: Readonly<Record<string, Client>>;
  /** Tokens, rate limits and signatures go by it; what is held goes by `release`. */
  readonly clock: Clock;
  readonly chance: Chance;
  readonly faults: Faults;
  /** What the providers hold from the start without telling anybody, Unix s; nothing when absent. */
  readonly knownUntilS?: number;
  /** Default: the platform's. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Life of access tokens in place of the documented one. */
  readonly accessLifeS?: number;
  /** In place of the documented rate limits, by provider. */
  readonly limits?: Readonly<Record<string, Window>>;
  /** Rows of a page in place of the usual number. */
  readonly pageSize?: number;
  /** How late a stalled answer comes; 30 s when absent. */
  readonly stallMs?: number;
  /** What `Retry-After` of the fault `rate_limited` says, in seconds; 2 when absent. */
  readonly pauseS?: number;
  /** The providers' pauses before a notice is tried again are multiplied by it; 0.001 when absent. */
  readonly hurry?: number;
  /** How long a token answer takes, so that two at once meet; 0 when absent. */
  readonly tokenMs?: number;
}
