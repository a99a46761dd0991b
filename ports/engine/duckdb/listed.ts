import type { RebuildRequest } from '../engine.ts';
import type { Database } from './database.ts';

/** Keys added at a time: a listing of millions is never held as a whole. */
const AT_ONCE = 10_000;

/** Makes `listed(raw_key, provider, account, bytes)`, what raw holds; provider and account as the key names them. */
export async function bindListed(database: Database, listed: RebuildRequest['listed']): Promise<void> {
  await database.run('create temp table listed_texts (raw_key varchar, bytes varchar)');
  let some: (readonly [string, string])[] = [];
  for await (const { key, bytes } of listed) {
    some.push([key, String(bytes)]);
    if (some.length < AT_ONCE) continue;
    await database.append('listed_texts', some);
    some = [];
  }
  await database.append('listed_texts', some);
  await database.run(
    `create temp view listed as select raw_key, split_part(raw_key, '/', 3) as provider, split_part(raw_key, '/', 4) as account,
       cast(bytes as bigint) as bytes from listed_texts`,
  );
}
