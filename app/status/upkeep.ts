import type { Provider } from '../../providers/kit/provider.ts';
import { readBackfill } from '../collect/backfill-record.ts';
import { readCollected } from '../collect/collected.ts';
import { givenUpOf } from '../collect/given-up.ts';
import { marksOf } from '../collect/mark.ts';
import { pendingOf } from '../collect/pending.ts';
import { chunksOf, spanOf } from '../collect/stretch.ts';
import type { SubscriptionRecord } from '../collect/subscription-record.ts';
import { readGrant } from '../grant.ts';
import type { Runtime } from '../runtime.ts';
import type { Connection } from '../tie.ts';

/** What is done for a connection beside its data: instants ISO 8601 in UTC, null for what has not been. */
export interface Upkeep {
  readonly last_fetch: string | null;
  /** The access token is renewed before then; null without one. */
  readonly access_until: string | null;
  /** Streams left alone for a day because the provider refused them. */
  readonly left_alone: readonly { readonly type: string; readonly cause: string; readonly detail: string }[];
  /** Streams of which days are still to be fetched after a failure. */
  readonly pending: readonly {
    readonly type: string;
    readonly retry_at: string;
    /** `pages_cut` or `request_refused`: let go after a week; null for all else, which is asked for until it is there. */
    readonly reason: string | null;
    readonly detail: string;
  }[];
  /** Days that were asked for in vain for a week; they stay here until they are answered. */
  readonly given_up: readonly {
    readonly type: string;
    /** Local dates, both inclusive. */
    readonly from: string;
    readonly to: string;
    readonly reason: string;
    readonly detail: string;
  }[];
  /** The fetch of older days after connecting. */
  readonly backfill: Backfilled | null;
  /** Null where there are none, or none yet. */
  readonly subscription: Subscribed | null;
}

export interface Backfilled {
  readonly state: 'running' | 'finished';
  readonly from: string;
  readonly to: string;
  readonly chunks_done: number;
  /** Without what is left out. */
  readonly chunks_total: number;
  /** Streams that are not asked for, and why. */
  readonly left_out: readonly { readonly type: string; readonly reason: string; readonly detail: string }[];
  /** Streams that failed or were refused, and come later. */
  readonly waiting: readonly { readonly type: string; readonly retry_at: string; readonly detail: string }[];
}

export interface Subscribed {
  readonly ok: boolean;
  readonly problem: string | null;
  readonly checked_at: string;
  /** Null when it does not end by itself. */
  readonly expires_at: string | null;
}

type UpkeepRuntime = Pick<Runtime, 'state' | 'vault'>;

/** How the fetching, the notices and the grant of one connection fare. */
export async function upkeepOf(runtime: UpkeepRuntime, connection: Connection, provider: Provider): Promise<Upkeep> {
  const { connection_id: id } = connection;
  const { at } = await readCollected(runtime, id);
  const pending = await pendingOf(runtime, id);
  const marks = await marksOf(runtime, id);
  return {
    last_fetch: iso(at),
    access_until: connection.kind === 'oauth' ? await accessUntil(runtime, id) : null,
    left_alone: marks.map(({ type, cause, detail }) => ({ type, cause, detail })),
    pending: pending.flatMap(({ type, days, notBeforeMs, detail, missed }) => [
      ...(days.length === 0 ? [] : [{ type, retry_at: isoOf(notBeforeMs), reason: null, detail }]),
      ...(missed === undefined
        ? []
        : [{ type, retry_at: isoOf(missed.notBeforeMs), reason: missed.cause, detail: missed.detail }]),
    ]),
    given_up: (await givenUpOf(runtime, id)).flatMap(({ type, days, cause: reason, detail }) =>
      days.map(({ from, to }) => ({ type, from, to, reason, detail })),
    ),
    backfill: await backfillOf(runtime, id, provider),
    subscription: await subscriptionOf(runtime, connection, provider),
  };
}

async function accessUntil({ vault }: UpkeepRuntime, id: string): Promise<string | null> {
  // A grant that cannot be read shows as a problem where it is used; here it is only not told.
  const grant = await readGrant(vault, id).catch(() => undefined);
  return iso(grant?.tokens.expiresAt ?? null);
}

async function backfillOf(runtime: UpkeepRuntime, id: string, { collect }: Provider): Promise<Backfilled | null> {
  const record = await readBackfill(runtime, id);
  const span = record && spanOf(record);
  if (record === undefined || span === undefined) return null;
  const { done, total } = chunksOf(record, collect?.streams ?? []);
  const left_out = Object.entries(record.left_out).map(([type, { reason, detail }]) => ({ type, reason, detail }));
  const waiting = Object.entries(record.waits).map(([type, { untilMs, detail }]) => {
    return { type, retry_at: isoOf(untilMs), detail };
  });
  const state = record.finishedAt === null ? 'running' : 'finished';
  return { state, ...span, chunks_done: done, chunks_total: total, left_out, waiting };
}

async function subscriptionOf(
  { state }: UpkeepRuntime,
  { connection_id: id }: Connection,
  { id: provider, subscribe }: Provider,
): Promise<Subscribed | null> {
  if (subscribe === undefined) return null;
  const set = subscribe.per === 'app' ? provider : `${provider}/${id}`;
  const record = (await state.get<SubscriptionRecord>('subscription', set))?.value;
  if (record === undefined) return null;
  const { problem, missing, checkedAt, expiresAt } = record;
  const ok = problem === null && missing.length === 0;
  return { ok, problem, checked_at: isoOf(checkedAt), expires_at: iso(expiresAt) };
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

function iso(ms: number | null): string | null {
  return ms === null ? null : isoOf(ms);
}
