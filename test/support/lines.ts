import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './directory.ts';
import { runModels, userFact } from './transform.ts';

const HEAD = 'type,entity,path,where,carry,identity,replaces,version,grows,date';

/** Everything everybody sends is user u_1's. */
const OWNERS = `select distinct account, 'any' as provider, 'u_1' as user_id, cast(null as string) as connection_id,
  cast(0 as bigint) as from_ms, cast(null as bigint) as until_ms from (select 'a_toy' as account) everybody`;

/** The records that lines of `records.csv` read from one payload of type `toy.a`, in order of their place. */
export async function readLines(
  lines: readonly string[],
  data: unknown,
  attributes: Readonly<Record<string, string>> = {},
): Promise<readonly { readonly [name: string]: string | null }[]> {
  const models = join(temporaryDirectory(), 'models');
  mkdirSync(models);
  writeFileSync(
    join(models, 'records.csv'),
    [HEAD, ...lines, 'wellspring.user,user,$,,,sequence,record,,,'].join('\n'),
  );
  writeFileSync(join(models, 'account_owners.sql'), OWNERS);
  const payload = {
    provider: 'toy',
    account: 'a_toy',
    type: 'a',
    data,
    receivedAt: '2026-01-01T00:00:00Z',
    attributes,
  };
  const tables = await runModels([userFact('u_1'), payload], { models });
  try {
    const rows = await tables.query(
      `select entity, pointer, parent, key, record, carried from records where provider = 'toy' order by pointer`,
    );
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v === null ? null : String(v)])),
    );
  } finally {
    tables.close();
  }
}
