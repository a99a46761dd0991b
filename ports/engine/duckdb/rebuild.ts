import type { RebuildRequest } from '../engine.ts';
import { keepDocuments, withoutStrangers } from './bronze.ts';
import type { Catalog } from './catalog.ts';
import { intake, scope, type Before } from './compute.ts';
import { materialize, type Database } from './database.ts';
import { factsPutBy, KEPT_TABLES, putFactsBy, putTablesBy, wavesFolder } from './gather.ts';
import { keepObjects, keepRecords } from './kept.ts';
import type { DocumentFile } from './manifest.ts';
import { RECORD_NAMES } from './intake.ts';
import { OWNERS } from './owners.ts';
import { makePart } from './part.ts';
import { planAll } from './plan.ts';
import { spool, spooled } from './spool.ts';
import type { Staging } from './stage.ts';
import { cutIntoWaves, type Wave } from './waves.ts';

/** What a rebuild in waves works with. */
export interface Rebuilding {
  readonly catalog: Catalog;
  readonly staging: Staging;
  /** What everything is made from: no tables, and the documents kept. */
  readonly nothing: Before;
  readonly request: Omit<RebuildRequest, 'commit' | 'listed'>;
  /** Text of the documents of a wave. */
  readonly waveBytes: number;
}

/** Documents laid out by wave. */
export interface Laid {
  readonly waves: readonly Wave[];
  /** The waves that have documents. */
  readonly filled: ReadonlySet<number>;
  /** All documents, as they are to be kept. */
  readonly documents: readonly DocumentFile[];
}

const quiet = (): void => undefined;

const batchOf = ({ request }: Rebuilding) => ({ batchId: request.batchId, now: request.now });

/** Reads everybody's facts among what is `listed`, and cuts everybody into waves. */
export async function findWaves(database: Database, rebuilding: Rebuilding): Promise<readonly Wave[]> {
  const { catalog, nothing, request, waveBytes } = rebuilding;
  await intake(database, catalog, nothing, {
    batch: batchOf(rebuilding),
    objects: [],
    keys: `select raw_key from listed where provider = 'wellspring'`,
    load: request.load,
    onStep: quiet,
  });
  const ties = await database.rows(`select distinct account, user_id from ${OWNERS} order by 1, 2`);
  const sizes = await database.rows('select account, sum(bytes) as n from listed group by account');
  return cutIntoWaves(
    ties.map((row) => ({ account: String(row['account']), user: String(row['user_id']) })),
    new Map(sizes.map((row) => [String(row['account']), Number(row['n'])])),
    waveBytes,
  );
}

/** What a rebuild of one wave begins from, at once: the documents `findWaves` brought are not asked for again. */
export async function afterFacts(database: Database, { nothing }: Rebuilding): Promise<Before> {
  await materialize(database, 'brought', 'select raw_key, document from incoming');
  const { documents } = nothing;
  if (documents === undefined) return { ...nothing, documents: () => 'select * from brought' };
  return {
    ...nothing,
    documents: (dates) =>
      `select * from brought union all
       select raw_key, document from (${documents(dates)}) k where raw_key not in (select raw_key from brought)`,
  };
}

/** Puts by the facts `findWaves` read, and lays everything else out by wave. */
export async function layOut(
  database: Database,
  rebuilding: Rebuilding,
  waves: readonly Wave[],
  before: readonly DocumentFile[],
): Promise<Laid> {
  const { staging, nothing, request } = rebuilding;
  await putFactsBy(database, staging);
  const listed = 'select raw_key from listed';
  const known = await withoutStrangers(database, staging.directory, before, listed);
  const facts = `select raw_key, account, document from incoming join (select raw_key, account from all_objects) o using (raw_key)`;
  const kept = await keepDocuments(database, staging, known, facts);
  const { documents } = nothing;
  return { waves, ...(await spool(database, staging, waves, { documents, load: request.load, kept })) };
}

/** What a wave begins from: everybody's facts, read already. */
function beforeWave({ staging, nothing }: Rebuilding, wave: number): Before {
  return {
    ...nothing,
    objects: factsPutBy(staging, 'kept_objects'),
    records: () => `select ${RECORD_NAMES} from (${factsPutBy(staging, 'kept_records')})`,
    owners: factsPutBy(staging, OWNERS),
    documents: () => spooled(staging, wave),
  };
}

/** Computes one wave and puts by what it made. */
export async function makeWave(
  database: Database,
  rebuilding: Rebuilding,
  { waves, filled }: Laid,
  wave: number,
): Promise<void> {
  const { catalog, staging, request } = rebuilding;
  const before = beforeWave(rebuilding, wave);
  const onStep = request.onStep ?? quiet;
  await intake(database, catalog, before, {
    batch: batchOf(rebuilding),
    objects: [],
    ...(filled.has(wave) ? { keys: `select raw_key from (${spooled(staging, wave)}) s` } : {}),
    load: () => Promise.resolve(undefined),
    onStep,
  });
  const isWindowed = await scope(database, catalog, before, { also: waves[wave]?.users ?? [], onStep });
  const names = await makePart(database, catalog, {
    before,
    plan: planAll(catalog),
    isWindowed,
    isFirst: wave === 0,
    async keep() {
      await keepObjects(database);
      await keepRecords(database, { kept: undefined, directory: staging.directory, isWindowed });
      return KEPT_TABLES;
    },
    onStep,
  });
  await putTablesBy(database, catalog, { folder: wavesFolder(staging), wave, names });
}
