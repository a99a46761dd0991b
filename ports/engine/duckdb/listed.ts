import type { RebuildRequest } from '../engine.ts';
import type { Database } from './database.ts';

/** Keys added at a time: a listing of millions is never held as a whole. */
const AT_ONCE = 10_000;

/** Makes `listed(raw_key)`, the keys of raw, and answers the select of them. */
export async function bindListed(database: Database, listed: RebuildRequest['listed']): Promise<string> {
  await database.run('create temp table listed (raw_key varchar)');
  let some: (readonly [string])[] = [];
  for await (const { key } of listed) {
    some.push([key]);
    if (some.length < AT_ONCE) continue;
    await database.append('listed', some);
    some = [];
  }
  await database.append('listed', some);
  return 'select raw_key from listed';
}
