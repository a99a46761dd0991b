import type { State } from '../../ports/state/state.ts';
import type { Told } from './receipt.ts';

/** Who is being forgotten; only while it is needed to find what is left of them. */
export interface About {
  readonly name: string;
  readonly email: string | null;
  readonly connections: readonly {
    readonly connection_id: string;
    readonly provider: string;
    readonly account: string;
    readonly external_id: string;
    /** Somebody else has, or had, the account too: only what came in their time goes. */
    readonly shared: boolean;
  }[];
}

/** All that is kept of somebody forgotten, under `forget/<user id>`: opaque ids, dates and counts. */
export interface Tombstone {
  readonly user_id: string;
  readonly phase: 'counting' | 'telling' | 'purging' | 'scrubbing' | 'done';
  /** Unix ms. */
  readonly started_at: number;
  readonly finished_at: number | null;
  /** Their accounts, own facts among them: what is sent for these is not kept, until somebody connects one anew. */
  readonly accounts: readonly string[];
  /** Null from `scrubbing` on. */
  readonly about: About | null;
  readonly providers: readonly Told[];
  /** Since when what slipped in afterwards is being erased, Unix ms; null or absent when nothing is. */
  readonly erasing_at?: number | null;
  /** What there was, by place; nothing while it is counted. */
  readonly removed: Readonly<Record<string, number>>;
  /** Where something of them was found afterwards, and in how many files or records; null before the look. */
  readonly found: Readonly<Record<string, number>> | null;
  /** Where copies last, and by which date (`YYYY-MM-DD`) they are gone; absent until it is finished. */
  readonly later?: readonly { readonly place: string; readonly gone: string }[];
  /** Hash of the word that opens the receipt; null where nobody was given one. */
  readonly receipt: string | null;
}

const KIND = 'forget';

type Records = Pick<State, 'get' | 'list' | 'put'>;

export async function readTombstone(state: Pick<State, 'get'>, userId: string): Promise<Tombstone | undefined> {
  return (await state.get<Tombstone>(KIND, userId))?.value;
}

export async function writeTombstone(state: Pick<Records, 'put'>, tombstone: Tombstone): Promise<Tombstone> {
  await state.put(KIND, tombstone.user_id, tombstone);
  return tombstone;
}

export async function listTombstones(state: Pick<State, 'list'>): Promise<readonly Tombstone[]> {
  return (await state.list<Tombstone>(KIND)).map(({ value }) => value);
}

/** Accounts whose deliveries are not kept. A connection of anybody made since ends that for its account. */
export async function forgottenAccounts(state: Pick<State, 'list'>): Promise<ReadonlySet<string>> {
  const tombstones = await listTombstones(state);
  if (tombstones.length === 0) return new Set();
  const records = await state.list<{ readonly account: string; readonly user_id: string }>('connection');
  const gone = new Set(tombstones.map(({ user_id }) => user_id));
  // Their own records are still there while they are being forgotten.
  const anew = new Set(records.filter(({ value }) => !gone.has(value.user_id)).map(({ value }) => value.account));
  return new Set(tombstones.flatMap(({ accounts }) => accounts).filter((account) => !anew.has(account)));
}
