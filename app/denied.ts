import type { Objects } from '../ports/objects/objects.ts';
import type { State } from '../ports/state/state.ts';
import { revokedKeys } from './connections.ts';
import { forgottenAccounts } from './forget/tombstone.ts';

/** What a door that looks nobody up refuses: key ids that were given up, and accounts whose deliveries are not kept. */
export interface Denied {
  readonly keys: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
}

const PLACES = { keys: 'denied/keys/', accounts: 'denied/accounts/' } as const;

/** Makes the markers beside the raw objects say what the state says: one that is missing is written, one too many removed. Safe to repeat. */
export async function syncDenied(runtime: {
  readonly state: Pick<State, 'list'>;
  readonly objects: Objects;
}): Promise<void> {
  const { state, objects } = runtime;
  // First the markers, then the state: one that is written meanwhile has its reason there by then, and is not taken for one too many.
  const there = await readDenied(objects);
  const wanted: Denied = { keys: await revokedKeys(state), accounts: await forgottenAccounts(state) };
  for (const kind of ['keys', 'accounts'] as const) {
    const missing = [...wanted[kind]].filter((id) => !there[kind].has(id));
    const over = [...there[kind]].filter((id) => !wanted[kind].has(id));
    for (const id of missing) await objects.putIfAbsent(`${PLACES[kind]}${id}`, new Uint8Array());
    // An account somebody has connected anew: from here on what comes for it is kept again.
    for (const id of over) await objects.delete(`${PLACES[kind]}${id}`);
  }
}

/** Reads the markers: names only, for they hold nothing. */
export async function readDenied(objects: Pick<Objects, 'list'>): Promise<Denied> {
  const idsBelow = async (prefix: string): Promise<ReadonlySet<string>> => {
    const ids = new Set<string>();
    for await (const { key } of objects.list(prefix)) ids.add(key.slice(prefix.length));
    return ids;
  };
  return { keys: await idsBelow(PLACES.keys), accounts: await idsBelow(PLACES.accounts) };
}
