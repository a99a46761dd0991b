import { addDays } from '../days.ts';
import type { Missed } from './pending.ts';
import type { CollectRuntime } from './runtime.ts';
import { type Days, union } from './window.ts';

/** Days of one stream that were asked for in vain for a week: nobody asks again by itself, and they are told until they are answered. */
export interface GivenUp extends Pick<Missed, 'days' | 'cause' | 'detail'> {
  readonly connection_id: string;
  readonly type: string;
}

type StateRuntime = Pick<CollectRuntime, 'state'>;

const KIND = 'given_up';

const idOf = (connectionId: string, type: string): string => `${connectionId}:${type}`;

/** What was given up of a connection, a record a stream. */
export async function givenUpOf({ state }: StateRuntime, connectionId: string): Promise<readonly GivenUp[]> {
  return (await state.list<GivenUp>(KIND, idOf(connectionId, ''))).map(({ value }) => value);
}

/** Adds days to what was given up; only inside `holding`. */
export async function noteGivenUp({ state }: StateRuntime, given: GivenUp): Promise<void> {
  const id = idOf(given.connection_id, given.type);
  const before = (await state.get<GivenUp>(KIND, id))?.value.days ?? [];
  await state.put(KIND, id, { ...given, days: union([...before, ...given.days], 1) } satisfies GivenUp);
}

/** Takes out days that were answered after all; only inside `holding`. */
export async function clearGivenUp(
  { state }: StateRuntime,
  connectionId: string,
  type: string,
  answered: Days,
): Promise<void> {
  const id = idOf(connectionId, type);
  const before = (await state.get<GivenUp>(KIND, id))?.value;
  if (before === undefined) return;
  const days = before.days.flatMap((one) => without(one, answered));
  if (days.length === 0) await state.delete(KIND, id);
  else await state.put(KIND, id, { ...before, days } satisfies GivenUp);
}

/** What of some days lies before and behind others. */
function without({ from, to }: Days, { from: first, to: last }: Days): readonly Days[] {
  if (last < from || first > to) return [{ from, to }];
  const [before, behind] = [addDays(first, -1), addDays(last, 1)];
  return [...(from <= before ? [{ from, to: before }] : []), ...(behind <= to ? [{ from: behind, to }] : [])];
}
