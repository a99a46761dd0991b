import { recordFact } from '../facts.ts';
import { type Notice, noticeOf } from './notice.ts';
import { pendingOf } from './pending.ts';
import { DAY_MS, type CollectRuntime } from './runtime.ts';
import type { Source } from './source.ts';
import { OLDEST_DAYS } from './waiting.ts';

/** How far the notices of a connection are done, by its id. */
const KIND = 'notice_done';

interface Done {
  /** Unix ms: all that came until then are done; the tables know it already up to `saidMs`. */
  readonly untilMs: number;
  readonly saidMs: number;
  /** Raw keys of those that wait for a thing or an address. */
  readonly left: readonly string[];
}

const NOTHING: Done = { untilMs: 0, saidMs: 0, left: [] };

/**
 * Sees to it that the tables know of notices that are done. What was fetched since says so by itself (`brought`), else a fact does, as soon as
 * nothing of the connection is still to be fetched. A look at some notices knows nothing of the others: those it `left` are remembered until
 * they are `finished`, or past asking for.
 */
export async function sayDone(
  runtime: Pick<CollectRuntime, 'objects' | 'bus' | 'clock' | 'ids' | 'state'>,
  { connection }: Pick<Source, 'connection'>,
  said: { readonly brought: boolean; readonly finished?: readonly Notice[]; readonly left?: readonly Notice[] },
): Promise<void> {
  const { connection_id: id, user_id, account, kind } = connection;
  // What is only linked sends its data with the notice, or behind it.
  if (kind !== 'oauth') return;
  const before: Done = { ...NOTHING, ...(await runtime.state.get<Done>(KIND, id))?.value };
  const { finished = [], left: leaves = [] } = said;
  const untilMs = Math.max(before.untilMs, ...finished.map(({ receivedAt }) => receivedAt));
  const isOver = new Set(finished.map(({ key }) => key));
  const oldestMs = runtime.clock.now() - OLDEST_DAYS * DAY_MS;
  const left = [...new Set([...before.left, ...leaves.map(({ key }) => key)])].filter(
    (key) => !isOver.has(key) && (noticeOf(key)?.receivedAt ?? 0) >= oldestMs,
  );
  const isSame = left.length === before.left.length && left.every((key) => before.left.includes(key));
  const note = async (saidMs: number): Promise<void> => {
    if (untilMs === before.untilMs && saidMs === before.saidMs && isSame) return;
    await runtime.state.put(KIND, id, { untilMs, saidMs, left } satisfies Done);
  };
  if (said.brought || untilMs <= before.saidMs) return note(Math.max(untilMs, before.saidMs));
  if (left.length > 0 || (await pendingOf(runtime, id)).length > 0) return note(before.saidMs);
  await recordFact(runtime, { type: 'wellspring.fetched', data: { user_id, account, effective_at: untilMs } });
  await note(untilMs);
}
