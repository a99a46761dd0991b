import { recordFact } from '../facts.ts';
import { pendingOf } from './pending.ts';
import type { CollectRuntime } from './runtime.ts';
import type { Source } from './source.ts';

/** How far the notices of a connection are done, by its id. */
const KIND = 'notice_done';

interface Done {
  /** Unix ms: all that came until then are done; the tables know it already up to `saidMs`. */
  readonly untilMs: number;
  readonly saidMs: number;
  /** False while an older one waits for a thing or an address. */
  readonly isWhole: boolean;
}

const NOTHING: Done = { untilMs: 0, saidMs: 0, isWhole: true };

/**
 * Sees to it that the tables know of notices that are done, those received until `untilMs` (Unix ms) among them. What was fetched since says so by
 * itself (`brought`), else a fact does, as soon as nothing of the connection is still to be fetched. `isWhole`: no notice of it is left.
 */
export async function sayDone(
  runtime: Pick<CollectRuntime, 'objects' | 'bus' | 'clock' | 'ids' | 'state'>,
  { connection }: Pick<Source, 'connection'>,
  said: { readonly brought: boolean; readonly untilMs?: number; readonly isWhole?: boolean },
): Promise<void> {
  const { connection_id: id, user_id, account, kind } = connection;
  // What is only linked sends its data with the notice, or behind it.
  if (kind !== 'oauth') return;
  const before = (await runtime.state.get<Done>(KIND, id))?.value ?? NOTHING;
  const { isWhole = before.isWhole } = said;
  const untilMs = Math.max(before.untilMs, said.untilMs ?? 0);
  const note = async (saidMs: number): Promise<void> => {
    if (untilMs === before.untilMs && saidMs === before.saidMs && isWhole === before.isWhole) return;
    await runtime.state.put(KIND, id, { untilMs, saidMs, isWhole } satisfies Done);
  };
  if (said.brought || untilMs <= before.saidMs) return note(Math.max(untilMs, before.saidMs));
  if (!isWhole || (await pendingOf(runtime, id)).length > 0) return note(before.saidMs);
  await recordFact(runtime, { type: 'wellspring.fetched', data: { user_id, account, effective_at: untilMs } });
  await note(untilMs);
}
