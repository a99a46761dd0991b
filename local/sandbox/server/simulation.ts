import type { Hono } from 'hono';
import type { Change } from './horizon.ts';
import type { Grant } from './ledger.ts';
import type { LineEnv } from './hang-up.ts';

/** One thing a person can allow or not. */
export interface Choice {
  readonly scope: string;
  readonly title: string;
  /** Ticked when the page opens. */
  readonly on: boolean;
}

/** A provider's consent page, as data. */
export interface Consent {
  readonly path: string;
  /** What the page offers for the `scope` that was asked for; undefined when that is none the provider knows. */
  readonly choices: (scope: string | undefined) => readonly Choice[] | undefined;
  readonly pkce: boolean;
  readonly codeLifeS: number;
  /** What the redirect says was granted, where it says so. */
  readonly tell?: (scopes: readonly string[]) => Readonly<Record<string, string>>;
}

/** One try to send a notice. */
export interface Try {
  readonly body: string;
  readonly atMs: number;
  /** With a wrong signature, or to a wrong key. */
  readonly wrong: boolean;
}

/** Something a provider tells the product, to be tried until it is taken. */
export interface Notice {
  readonly provider: string;
  /** The account it is about: notices of one account go one after the other. */
  readonly account: string;
  /** Tells it from others: `sleep/8f9a… create`. */
  readonly name: string;
  readonly body: string;
  readonly make: (one: Try) => { readonly url: string; readonly headers: Readonly<Record<string, string>> };
  /** The receiver answered 410. */
  readonly onGone?: () => void;
}

/** One provider as the sandbox plays it. */
export interface Simulation {
  readonly id: string;
  readonly name: string;
  readonly consent: Consent;
  /** Below `/<id>`: everything but the consent page. */
  readonly routes: Hono<LineEnv>;
  /** Pauses before each try to send a notice, in seconds. */
  readonly schedule: readonly number[];
  /** What is told about changes, to whoever asked to be told. */
  readonly announce: (changes: readonly Change[]) => readonly Notice[];
  /** What is told when a person takes the consent back at the provider. */
  readonly farewell: (grant: Grant) => readonly Notice[];
  /** A notice of a kind nobody has heard of. */
  readonly riddle: (grant: Grant) => Notice | undefined;
  /** Subscriptions as the page lists them. */
  readonly subscriptions: () => readonly string[];
}
