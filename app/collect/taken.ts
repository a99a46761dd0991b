import type { State } from '../../ports/state/state.ts';
import type { RawEnvelope } from '../envelope.ts';
import { sha256Hex } from '../keys.ts';
import { backoffMs } from '../retry.ts';
import { storeRaw } from '../store.ts';
import { DAY_MS, type CollectRuntime, type Patience } from './runtime.ts';

const TRIES = 6;
/** Characters of answers held in memory at most: what is more is asked for again. */
const MOST_HELD = 50_000_000;
/** Longer than a notice is asked about. */
const TAKEN_MS = 40 * DAY_MS;
const KIND = 'taken';

/** Answers of addresses that answer once, not stored yet: the only copy there is. By process, found by the state it has opened. */
const memories = new WeakMap<State, Map<string, RawEnvelope>>();

/** What stands for an address in a connection: the address itself holds a token. */
export function takenId(connectionId: string, type: string, url: string): string {
  return `${connectionId}:${sha256Hex(`${type} ${url}`)}`;
}

/** Whether what lay behind the address is stored. */
export async function wasTaken({ state }: Pick<CollectRuntime, 'state'>, id: string): Promise<boolean> {
  return (await state.get(KIND, id)) !== undefined;
}

/** The answer an earlier run could not store. */
export function heldAnswer({ state }: Pick<CollectRuntime, 'state'>, id: string): RawEnvelope | undefined {
  return memories.get(state)?.get(id);
}

/**
 * Stores an answer that will not be given again: with growing pauses, some seconds in all. Throws `storage_unavailable` when storage stays
 * away, and keeps the answer in memory for the next run.
 */
export async function storeTaken(
  runtime: CollectRuntime,
  id: string,
  envelope: RawEnvelope,
  { signal }: Patience,
): Promise<'stored' | 'duplicate'> {
  hold(runtime, id, envelope);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [stored] = await storeRaw(runtime, [envelope], { events: 'one' });
      // After the data: a death in between costs a request too many, and no day.
      await runtime.state.put(KIND, id, {}, { expiresAt: runtime.clock.now() + TAKEN_MS });
      memories.get(runtime.state)?.delete(id);
      return stored?.outcome ?? 'duplicate';
    } catch (error) {
      if (attempt === TRIES || signal?.aborted === true) throw error;
      const waitMs = backoffMs(attempt, runtime.ids, { baseMs: 250, capMs: 4000 });
      await runtime.clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }
}

function hold({ state }: Pick<CollectRuntime, 'state'>, id: string, envelope: RawEnvelope): void {
  const held = memories.get(state) ?? new Map<string, RawEnvelope>();
  memories.set(state, held);
  const size = [...held.values()].reduce((sum, { data }) => sum + data.length, envelope.data.length);
  if (size <= MOST_HELD) held.set(id, envelope);
}
