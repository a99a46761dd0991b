import { backoffMs } from '../retry.ts';
import { HOUR_MS, type CollectRuntime } from './runtime.ts';
import type { Days } from './window.ts';

/** Days of one stream that are still to be fetched: what a failure, or a page too many, left over. */
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

/** Notes days for later: at `retryAtMs` where somebody said when, else after a wait that grows to an hour. */
export async function notePending(
  { state, clock, ids }: Pick<CollectRuntime, 'state' | 'clock' | 'ids'>,
  pending: Omit<Pending, 'notBeforeMs'> & { readonly retryAtMs?: number | undefined },
): Promise<Pending> {
  const { retryAtMs, ...rest } = pending;
  const grown = clock.now() + BASE_MS + backoffMs(pending.attempts, ids, { baseMs: BASE_MS, capMs: HOUR_MS - BASE_MS });
  const noted: Pending = { ...rest, notBeforeMs: retryAtMs ?? grown };
  await state.put(KIND, idOf(pending.connection_id, pending.type), noted);
  return noted;
}
