import type { RawInput, RebuildRequest } from '../engine.ts';
import { materialize, type Database } from './database.ts';

/** Keys added at a time: a listing of millions is never held as a whole. */
const AT_ONCE = 10_000;

async function bindView(database: Database): Promise<void> {
  await database.run(
    `create temp view listed as select raw_key, split_part(raw_key, '/', 3) as provider, split_part(raw_key, '/', 4) as account,
       cast(bytes as bigint) as bytes from listed_texts`,
  );
}

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
  await bindView(database);
}

/** Makes the same of what is `known` already (a select of raw_key and bytes) and of what comes beside it. */
export async function bindKnown(database: Database, known: string, objects: readonly RawInput[]): Promise<void> {
  await materialize(database, 'listed_texts', `select raw_key, cast(bytes as varchar) as bytes from (${known}) k`);
  await database.run('create temp table come_texts (raw_key varchar, bytes varchar)');
  await database.append(
    'come_texts',
    objects.map(({ key, document }) => [key, String(document.byteLength)]),
  );
  await database.run(
    `insert into listed_texts select raw_key, any_value(bytes) from come_texts
     where raw_key not in (select raw_key from listed_texts) group by raw_key`,
  );
  await bindView(database);
}
