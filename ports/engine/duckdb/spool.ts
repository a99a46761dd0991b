import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { columnOf, materialize, type Database } from './database.ts';
import { keepDocuments } from './bronze.ts';
import { bring, type Bringing } from './bring.ts';
import { openIntake } from './intake.ts';
import type { DocumentFile } from './manifest.ts';
import { literal } from './sql.ts';
import type { Staging } from './stage.ts';
import type { Wave } from './waves.ts';

/** Text of documents that are on their way at a time. */
const PORTION_BYTES = 48_000_000;

/** Whom a document is about: as it says, else as its key says. */
const ACCOUNT = `coalesce(case when json_valid(document) then json_extract_string(document, '$.subject') end, split_part(raw_key, '/', 4))`;

/** Makes `wave_of(account, wave)`. */
async function bindWaves(database: Database, waves: readonly Wave[]): Promise<void> {
  await database.run('create or replace temp table wave_of (account varchar, wave varchar)');
  for (const [at, { accounts }] of waves.entries())
    await database.append(
      'wave_of',
      accounts.map((account) => [account, String(at)]),
    );
}

/** The documents of a wave that has any, as a select of raw_key and document. */
export function spooled(staging: Staging, wave: number): string {
  const files = path.join(staging.directory, 'staging', staging.batchId, 'spool', '*', `wave=${wave}`, '*.parquet');
  return `select raw_key, document from read_parquet(${literal(files)}, hive_partitioning = false)`;
}

/**
 * Passes every listed document but facts on to the files of its wave, some at a time in order of their keys, and keeps those that were
 * not kept before. Answers all files of documents there are then, and the waves that have any.
 */
export async function spool(
  database: Database,
  staging: Staging,
  waves: readonly Wave[],
  bringing: Bringing & { readonly kept: readonly DocumentFile[] },
): Promise<{ readonly documents: readonly DocumentFile[]; readonly filled: ReadonlySet<number> }> {
  await bindWaves(database, waves);
  await materialize(
    database,
    'portions',
    `select raw_key, cast(floor(sum(bytes) over (order by raw_key) / ${PORTION_BYTES}e0) as int) as portion
     from listed where provider <> 'wellspring'`,
  );
  let documents = bringing.kept;
  const filled = new Set<number>();
  for (const portion of await columnOf(database, 'select distinct portion from portions order by 1')) {
    await openIntake(database);
    await bring(database, bringing, `select raw_key from portions where portion = ${portion}`);
    documents = await keepDocuments(
      database,
      { ...staging, batchId: `${staging.batchId}-${portion}` },
      documents,
      `select raw_key, ${ACCOUNT} as account, document from incoming`,
    );
    const folder = path.join(staging.directory, 'staging', staging.batchId, 'spool', portion);
    await mkdir(folder, { recursive: true });
    // What no key of its account tells of is in no wave: nobody's, so any wave will do.
    await database.run(
      `copy (select i.raw_key, i.document, coalesce(w.wave, '0') as wave
         from (select *, ${ACCOUNT} as account from incoming) i left join wave_of w using (account))
       to ${literal(folder)} (format parquet, partition_by (wave))`,
    );
    for (const name of await readdir(folder)) filled.add(Number(name.slice('wave='.length)));
  }
  await openIntake(database);
  return { documents, filled };
}
