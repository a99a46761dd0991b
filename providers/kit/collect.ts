import type * as z from 'zod';
import type { ApiAnswer, ApiRequest, Verdict } from './api.ts';

/** A stretch of time to ask about. Dates are local to the person, both inclusive. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  /** `YYYY-MM-DD` */
  readonly from: string;
  readonly to: string;
}

/** One thing a provider can be asked for: its answers become raw objects of `type`, page by page, verbatim. */
export interface Stream {
  /** The provider's word, as in contract 9: `getmeas`. */
  readonly type: string;
  /** In words: `weight and body composition`. */
  readonly title: string;
  /** Without it granted the stream is not asked for. Absent: always asked for. */
  readonly scope?: string;
  /** Metrics it holds, so that `collect --metric` asks no more than it must. */
  readonly metrics: readonly string[];
  /** Longest window of one request; a longer one is cut. */
  readonly windowDays: number;
  readonly request: (window: Window, cursor: string | undefined) => ApiRequest;
  /** The least that an answer is: what has another shape is never stored, and asked for again. */
  readonly answer?: z.ZodType;
  /** The cursor of the next page; undefined on the last one. */
  readonly next: (json: unknown) => string | undefined;
  /** Finds the civil date of one thing a notice names by id only. */
  readonly locate?: {
    readonly request: (id: string) => ApiRequest;
    readonly read: (json: unknown) => string | undefined;
    /** As above; one without a date is done. */
    readonly answer?: z.ZodType;
  };
}

/** What one element of a notice asks for. */
export type NoticeMeaning =
  /** Without times: the look-back. `id`: one thing, found by the stream's `locate`. */
  | {
      readonly kind: 'fetch';
      readonly type: string;
      readonly fromMs?: number;
      readonly toMs?: number;
      readonly day?: string;
      readonly id?: string;
    }
  /**
   * An address to follow through the egress gate; its answer is stored as `type`, wrapped by the provider's `callbacks.wrap`. With the times
   * of what lies there, as far as the notice says them: Unix ms of its upload.
   */
  | {
      readonly kind: 'follow';
      readonly type: string;
      readonly url: string;
      readonly fromMs?: number;
      readonly toMs?: number;
    }
  /** A thing the provider has deleted. */
  | { readonly kind: 'deleted'; readonly type: string; readonly id: string }
  /** The person ended the grant at the provider. Believed only when the provider's own answer agrees. */
  | { readonly kind: 'ended'; readonly how: 'revoked' | 'deregistered' }
  /** What the person allows from now on, as the provider orders such messages. */
  | { readonly kind: 'permissions'; readonly scopes: readonly string[]; readonly atMs: number };

/** How often a provider may be asked, by everybody together (`app`) or by one account. */
export interface Limit {
  readonly per: 'app' | 'account';
  readonly requests: number;
  readonly windowS: number;
}

/** How a provider that sends old data itself may be asked to. */
export interface BackfillBounds {
  /** Nothing is sent from further back than so many days before the account was connected. */
  readonly reachDays: number;
  /** For so many days it sends again by itself what nobody took. */
  readonly resendDays: number;
  readonly limits: readonly Limit[];
}

/** What can be fetched from a provider, and what its notices mean. */
export interface Collect {
  readonly streams: readonly Stream[];
  readonly limits: readonly Limit[];
  /** How the provider tells success from failure; by HTTP status when absent. */
  readonly judge?: (answer: ApiAnswer) => Verdict;
  /** What a stored notice asks for; `notice` is the parsed data of the raw object, `resource` its type's second word. Unknown shapes: nothing. */
  readonly readNotice: (notice: unknown, resource: string) => readonly NoticeMeaning[];
  /** Earliest date worth asking for in a backfill, days back from today; no bound when absent. */
  readonly backfillDays?: number;
  /** Addresses that come in notices. `answer` is the least theirs are, as a stream's is; `wrap` gives its text the outer shape a push of that type has. */
  readonly callbacks?: {
    readonly hosts: readonly string[];
    readonly paths: readonly string[];
    readonly answer: z.ZodType;
    readonly wrap: (type: string, text: string) => string;
  };
  /** Asks the provider to send old data through its own door, where it cannot be fetched. One request a window; the streams are asked for nothing else. */
  readonly requestBackfill?: (type: string, window: Window) => ApiRequest;
  /** What such requests are bound to, beside the limits of all. */
  readonly backfillBounds?: BackfillBounds;
}
