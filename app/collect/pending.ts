import { backoffMs } from '../retry.ts';
import { HOUR_MS, type CollectRuntime } from './runtime.ts';
import type { Days } from './window.ts';

/** Days whose windows were cut, or refused as they are: asked for again once a day, and let go after a week. */
export interface Missed {
  readonly days: readonly Days[];
  readonly cause: 'pages_cut' | 'request_refused';
  /** In words. */
  readonly detail: string;
  /** Since when, and not asked for before, Unix ms. */
  readonly sinceMs: number;
  readonly notBeforeMs: number;
}

/** Days of one stream that are still to be fetched: what a notice asked for, or what a failure left over. */
export interface Pending {
  readonly connection_id: string;
  readonly type: string;
  readonly days: readonly Days[];
  /** Not asked for before, Unix ms. */
  readonly notBeforeMs: number;
  /** Failures in a row. */
  readonly attempts: number;
  /** In words. */
  readonly detail: string;
  /** Stands in nobody's way: other days of the stream are asked for meanwhile. */
  readonly missed?: Missed;
}

const KIND = 'pending';
const BASE_MS = 60_000;

const idOf = (connectionId: string, type: string): string => `${connectionId}:${type}`;

/** Everything still to be fetched for a connection, or for everybody. */
export async function pendingOf(
  { state }: Pick<CollectRuntime, 'state'>,
  connectionId?: string,
): Promise<readonly Pending[]> {
  const records = await state.list<Pending>(KIND, connectionId === undefined ? '' : `${connectionId}:`);
  return records.map(({ value }) => value);
}

export async function clearPending(
  { state }: Pick<CollectRuntime, 'state'>,
  connectionId: string,
  type: string,
): Promise<void> {
  await state.delete(KIND, idOf(connectionId, type));
}

/**
 * Notes days for later: at `retryAtMs` where somebody said when, else after a wait that grows to an hour. What was missed stays
 * noted unless `missed` says otherwise; where there are no other days its time is that of the whole.
 */
export async function notePending(
  { state, clock, ids }: Pick<CollectRuntime, 'state' | 'clock' | 'ids'>,
  pending: Omit<Pending, 'notBeforeMs' | 'missed'> & {
    readonly retryAtMs?: number | undefined;
    readonly missed?: Missed | 'none';
  },
): Promise<Pending> {
  const { retryAtMs, missed: told, ...rest } = pending;
  const id = idOf(pending.connection_id, pending.type);
  const before = (await state.get<Pending>(KIND, id))?.value.missed;
  const missed = told === 'none' ? undefined : (told ?? before);
  const grown = clock.now() + BASE_MS + backoffMs(pending.attempts, ids, { baseMs: BASE_MS, capMs: HOUR_MS - BASE_MS });
  const retry = retryAtMs ?? grown;
  const notBeforeMs = rest.days.length === 0 ? (missed?.notBeforeMs ?? retry) : retry;
  const noted: Pending = { ...rest, notBeforeMs, ...(missed && { missed }) };
  await state.put(KIND, id, noted);
  return noted;
}
