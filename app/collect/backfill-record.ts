import type { Stream } from '../../providers/kit/collect.ts';
import type { CollectRuntime } from './runtime.ts';
import type { Days } from './window.ts';

/** Days of one stream, fetched newest first. */
export interface Stretch extends Days {
  readonly type: string;
  /** The oldest day that is done, so that all from there to `to` is; null before anything is. */
  readonly done: string | null;
  /** The provider sent them, and they were lost before they were stored. */
  readonly again?: true;
}

/** Why a stream is not asked for again: only another grant, or an answer to another question, changes that. */
export interface LeftOut {
  readonly reason: 'scope_missing' | 'door_closed';
  /** In words. */
  readonly detail: string;
}

/** What stands in the way of a stream for now; the others go on. */
export interface Wait {
  /** Not asked for before, Unix ms. */
  readonly untilMs: number;
  /** Failures in a row. */
  readonly attempts: number;
  /** In words. */
  readonly detail: string;
  /** Windows of lost days that were known to the provider, each told from the one before by its first second. */
  readonly tried?: number;
}

/** How far a backfill has come; advanced only after what it says is stored, so that it goes on after any end. */
export interface Backfill {
  readonly connection_id: string;
  readonly stretches: readonly Stretch[];
  /** By type. */
  readonly left_out: Readonly<Record<string, LeftOut>>;
  /** By type, until it is answered. */
  readonly waits: Readonly<Record<string, Wait>>;
  /** By type: every day up to it was asked for, or is in `stretches`. Empty where somebody asked for certain days. */
  readonly whole: Readonly<Record<string, string>>;
  /** By type: when lost days were last asked for, Unix ms. */
  readonly againAt?: Readonly<Record<string, number>>;
  readonly requests: number;
  /** Unix ms. */
  readonly startedAt: number;
  readonly finishedAt: number | null;
}

const KIND = 'backfill';

type StateRuntime = Pick<CollectRuntime, 'state'>;

/** The id of the backfill after connecting is the connection's, that of one somebody asked for names its days too. */
export function backfillId(connectionId: string, days?: Days): string {
  return days === undefined ? connectionId : `${connectionId}/${days.from}/${days.to}`;
}

export async function readBackfill({ state }: StateRuntime, id: string): Promise<Backfill | undefined> {
  return (await state.get<Backfill>(KIND, id))?.value;
}

/** Changes a backfill, again from what is there whenever another process was faster; `step` answers what it was given, or nothing, for no change. */
export async function changeBackfill(
  { state }: StateRuntime,
  id: string,
  step: (before: Backfill | undefined) => Backfill | undefined,
): Promise<void> {
  for (;;) {
    const there = await state.get<Backfill>(KIND, id);
    const after = step(there?.value);
    if (after === undefined || after === there?.value) return;
    if ((await state.put(KIND, id, after, { expect: there?.version ?? 0 })).ok) return;
  }
}

/** Backfills that are not finished, by id. */
export async function openBackfills({
  state,
}: StateRuntime): Promise<readonly { readonly id: string; readonly value: Backfill }[]> {
  return (await state.list<Backfill>(KIND)).filter(({ value }) => value.finishedAt === null);
}

/** Forgets every backfill of a connection: one made anew begins anew. */
export async function dropBackfills({ state }: StateRuntime, connectionId: string): Promise<void> {
  for (const { id, value } of await state.list<Backfill>(KIND, connectionId)) {
    if (value.connection_id === connectionId) await state.delete(KIND, id);
  }
}

/** A backfill nothing of which is done; without `days` it is told later which. */
export function newBackfill(
  connectionId: string,
  startedAt: number,
  asked: { readonly streams: readonly Stream[]; readonly days: Days } | undefined,
): Backfill {
  const stretches = asked?.streams.map(({ type }) => ({ type, ...asked.days, done: null })) ?? [];
  const nothing = { left_out: {}, waits: {}, whole: {}, requests: 0, finishedAt: null };
  return { connection_id: connectionId, stretches, ...nothing, startedAt };
}

/** Details by type alone. */
export function wordsOf(by: Readonly<Record<string, { readonly detail: string }>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(by).map(([type, { detail }]) => [type, detail]));
}
