import type { Premises } from '../../ports/premises/premises.ts';
import type { UserProfile } from '../people.ts';
import { opaqueOf } from './begin.ts';
import { theirObjects, type Whose } from './objects.ts';
import { theirRecords } from './records.ts';
import type { ForgetRuntime } from './runtime.ts';

const LEAST_ID = 6;

/** Words nobody else's data may hold: what others share with the person proves nothing. */
export async function wordsOf(runtime: ForgetRuntime, { user_id, about }: Whose): Promise<readonly string[]> {
  if (about === null) return [];
  const people = (await runtime.state.list<UserProfile>('user')).map(({ value }) => value);
  const others = people.filter((one) => one.user_id !== user_id).flatMap(({ name, email }) => [name, email]);
  const ids = about.connections
    .filter(({ shared, external_id }) => !shared && external_id.length >= LEAST_ID)
    .map(({ external_id }) => external_id);
  return [about.name, about.email, ...ids].filter((word) => word !== null).filter((word) => !others.includes(word));
}

/** What still holds something of them: files by their bytes, objects, records and rows by what they are about; by place. */
export async function look(
  runtime: ForgetRuntime,
  premises: Premises,
  whose: Whose,
  told: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const opaque = opaqueOf(whose);
  const files = await premises.search({ told, opaque });
  const { raw, uploads, refused } = await theirObjects(runtime, whose);
  const records = await theirRecords(runtime.state, { opaque, tokens: [] });
  const rows = await runtime.engine.countErasure({ users: [whose.user_id], accounts: whose.accounts, keys: raw });
  const found: Record<string, number> = {};
  const add = (place: string, n: number): void => {
    if (n > 0) found[place] = (found[place] ?? 0) + n;
  };
  for (const file of files) add(file.split('/')[0] ?? '', 1);
  add('objects', raw.length + uploads.length + refused.length);
  add('state', records.length);
  add('rows', Object.keys(rows).length);
  return found;
}
