import type { CollectRuntime } from './runtime.ts';
import { DAY_MS } from './runtime.ts';

/** Why a stream of a connection is left alone for a day: asking again at once would change nothing. */
export interface Mark {
  readonly type: string;
  /** `not_allowed`: a scope or a membership is missing; `door_closed`: there is no such address any more. */
  readonly cause: 'not_allowed' | 'door_closed' | 'request_refused';
  /** In words, for people. */
  readonly detail: string;
  /** Unix ms. */
  readonly at: number;
}

type MarkRuntime = Pick<CollectRuntime, 'state'>;

const KIND = 'stream';

export async function readMark({ state }: MarkRuntime, connectionId: string, type: string): Promise<Mark | undefined> {
  return (await state.get<Mark>(KIND, `${connectionId}:${type}`))?.value;
}

/** Every mark in force of a connection, by type. */
export async function marksOf({ state }: MarkRuntime, connectionId: string): Promise<readonly Mark[]> {
  return (await state.list<Mark>(KIND, `${connectionId}:`)).map(({ value }) => value);
}

/** Leaves a stream alone for a day. */
export async function setMark(
  { state, clock }: Pick<CollectRuntime, 'state' | 'clock'>,
  connectionId: string,
  mark: Omit<Mark, 'at'>,
): Promise<void> {
  const at = clock.now();
  await state.put(KIND, `${connectionId}:${mark.type}`, { ...mark, at } satisfies Mark, { expiresAt: at + DAY_MS });
}

/** Forgets the marks of a connection: what was missing may have been granted since. */
export async function clearMarks({ state }: MarkRuntime, connectionId: string): Promise<void> {
  for (const { id } of await state.list(KIND, `${connectionId}:`)) await state.delete(KIND, id);
}
