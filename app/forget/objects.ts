import { UNKNOWN_ACCOUNT } from '../../providers/kit/account.ts';
import { readEnvelope } from '../envelope.ts';
import { accountIn } from '../keys.ts';
import type { Runtime } from '../runtime.ts';
import type { About } from './tombstone.ts';

/** What looking for objects needs. */
type Places = Pick<Runtime, 'objects' | 'warehouse'>;

/** Objects of one person, by what they are. */
export interface Theirs {
  readonly raw: readonly string[];
  readonly uploads: readonly string[];
  readonly refused: readonly string[];
  /** Hashes of some of their payloads that nobody else sent: they name a payload wherever it is told of. */
  readonly hashes: readonly string[];
}

/** Whose objects are meant; without `about` only whole accounts are known. */
export interface Whose {
  readonly user_id: string;
  readonly accounts: readonly string[];
  readonly about: About | null;
  /** Raw dates before this one (`YYYY-MM-DD`) were looked through already. */
  readonly since?: string;
}

/** A shorter id is in somebody else's bytes by chance. */
const LEAST_ID = 6;

const HASHES = 40;

/** Deleted at the same time: years of somebody are tens of thousands, and a function has a quarter of an hour. */
const AT_ONCE = 16;

const hashIn = (key: string): string => /-([0-9a-f]{64})/.exec(key)?.[1] ?? '';

/**
 * Everything kept as objects of one person: all of their accounts, what came in their time for accounts that are somebody else's too, and what
 * names nobody but holds one of their ids.
 */
export async function theirObjects(runtime: Places, whose: Whose): Promise<Theirs> {
  const accounts = new Set(whose.accounts);
  const ids = (whose.about?.connections ?? []).map((one) => one.external_id).filter((id) => id.length >= LEAST_ID);
  const shared = await sharedObjects(runtime, whose);
  const raw: string[] = [];
  const others = new Set<string>();
  const after = whose.since === undefined ? {} : { after: `raw/${whose.since}` };
  for await (const { key } of runtime.objects.list('raw/', after)) {
    const account = accountIn(key);
    const isTheirs = accounts.has(account) || shared.has(key);
    if (isTheirs || (account === UNKNOWN_ACCOUNT && (await holds(runtime, key, ids)))) raw.push(key);
    else others.add(hashIn(key));
  }
  const hashes = raw.map(hashIn).filter((hash) => hash !== '' && !others.has(hash));
  const files = await datarefs(runtime, [...shared]);
  const uploads: string[] = [];
  for await (const { key } of runtime.objects.list('uploads/')) {
    if (accounts.has(accountIn(key)) || files.has(key)) uploads.push(key);
  }
  const refused: string[] = [];
  for await (const { key } of runtime.objects.list('refused/')) if (await holds(runtime, key, ids)) refused.push(key);
  return { raw, uploads, refused, hashes: [...new Set(hashes)].slice(0, HASHES) };
}

/** Of accounts that passed from one person to another, the objects that are theirs as published. */
async function sharedObjects(runtime: Places, { user_id, about }: Whose): Promise<ReadonlySet<string>> {
  const shared = new Set((about?.connections ?? []).filter((one) => one.shared).map((one) => one.account));
  if (shared.size === 0) return shared;
  const query = { name: 'forget.objects', sql: 'select raw_key from raw_objects where user_id = $user' };
  const keys = (await runtime.warehouse.run(query, { user: user_id })).map((row) => String(row['raw_key']));
  return new Set(keys.filter((key) => shared.has(accountIn(key))));
}

/** The files some imported objects came from. */
async function datarefs({ objects }: Pick<Places, 'objects'>, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const key of keys) {
    const document = await objects.get(key);
    const file = document === undefined ? undefined : readEnvelope(document).attributes['dataref'];
    if (typeof file === 'string') found.add(file);
  }
  return found;
}

async function holds({ objects }: Pick<Places, 'objects'>, key: string, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false;
  const bytes = Buffer.from((await objects.get(key)) ?? []);
  return ids.some((id) => bytes.includes(id));
}

/** Deletes them, files before the objects that name them, so that whoever goes on after a crash finds what is left. */
export async function deleteObjects({ objects }: Pick<Places, 'objects'>, theirs: Theirs): Promise<void> {
  for (const keys of [theirs.uploads, theirs.refused, theirs.raw]) {
    for (let at = 0; at < keys.length; at += AT_ONCE)
      await Promise.all(keys.slice(at, at + AT_ONCE).map((key) => objects.delete(key)));
  }
}
