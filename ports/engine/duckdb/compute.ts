import type { RawInput } from '../engine.ts';
import type { Catalog } from './catalog.ts';
import { bring, type Bringing } from './bring.ts';
import { columnOf, materialize, type Database } from './database.ts';
import { OBJECT_COLUMNS, openIntake, readEnvelopes, takeIn } from './intake.ts';
import { bindConstants, runModels, type BatchRow } from './models.ts';
import { findOwners, OWNERS } from './owners.ts';
import { readRecords } from './records.ts';
import { planAll, type Plan } from './plan.ts';
import { findScope } from './scope.ts';
import { identifier } from './sql.ts';

/** What earlier batches left, as selects; a first batch or a rebuild has typed empty ones. */
export interface Before {
  /** Columns of `objects` and `intake`. */
  readonly objects: string;
  readonly records: (accounts: readonly string[]) => string;
  readonly owners: string;
  /** Documents kept of raw dates: raw_key, document; absent where none are. */
  readonly documents?: (dates: readonly string[]) => string;
  /** Records were read by other lines of `records.csv`: read everything again. */
  readonly rereadAll: boolean;
}

export interface ComputeRequest {
  readonly batch: BatchRow;
  readonly objects: readonly RawInput[];
  /** A select of keys to read besides these. */
  readonly keys?: string;
  readonly load: (key: string) => Promise<Uint8Array | undefined>;
  readonly also: readonly string[] | 'all';
  readonly onStep: (step: string) => void;
  /** What is made anew; absent: everything. */
  readonly plan?: Plan | undefined;
}

/** Makes `all_objects`: everything known, with the arrivals in place of what was known under their keys. */
async function bindAllObjects(database: Database): Promise<void> {
  await materialize(
    database,
    'all_objects',
    `select * from known_objects where raw_key not in (select raw_key from arrivals) union all select * from arrivals`,
  );
}

/** Reads what can be read now and has not been: arrivals, and older objects whose account has an owner at last. */
async function readOwned(
  database: Database,
  catalog: Catalog,
  before: Before,
  request: Pick<ComputeRequest, 'load' | 'batch'>,
): Promise<void> {
  const waiting = `select raw_key from all_objects semi join owned using (raw_key)
    where intake = 'unread' and raw_key not in (select raw_key from incoming)`;
  if ((await database.rows(`${waiting} limit 1`)).length > 0) {
    await bring(database, { ...before, load: request.load }, waiting);
    await readEnvelopes(database, catalog, request.batch.batchId);
    await bindAllObjects(database);
  }
  await materialize(
    database,
    'wanted',
    `select raw_key from arrivals semi join owned using (raw_key) where provider <> 'wellspring'`,
  );
  await readRecords(database, catalog);
  await database.run(
    `update all_objects set intake = 'read'
     where problem is not null or provider = 'wellspring' or raw_key in (select raw_key from wanted)`,
  );
}

/** Reads the arrivals that are our own facts, and finds everybody's accounts from all facts. */
async function readFacts(database: Database, catalog: Catalog, before: Before): Promise<void> {
  await materialize(database, 'wanted', `select raw_key from arrivals where provider = 'wellspring'`);
  await readRecords(database, catalog);
  const accounts = await columnOf(
    database,
    `select distinct account from known_objects where provider = 'wellspring' order by 1`,
  );
  await materialize(
    database,
    'fact_records',
    `select * from (${before.records(accounts)}) k where provider = 'wellspring' and raw_key not in (select raw_key from arrivals)
     union all select * from fresh_records`,
  );
  await findOwners(database, catalog);
}

/**
 * Binds `objects` and `records` of the scope as the models see them: records only of objects somebody owns, and of facts.
 * Retractions are everybody's: one may name objects of any account, and may have come long before this batch.
 */
async function bindScope(database: Database, before: Before): Promise<void> {
  const accounts = await columnOf(database, 'select account from scope_accounts order by 1');
  const inScope = 'account in (select account from scope_accounts)';
  await materialize(database, 'objects', `select ${OBJECT_COLUMNS} from all_objects where ${inScope}`);
  await materialize(
    database,
    'records',
    `select * from (
       select * from (${before.records(accounts)}) k where raw_key not in (select raw_key from incoming)
       union all select * from fresh_records
     ) r where ${inScope} and (provider = 'wellspring' or raw_key in (select raw_key from owned))
     union all
     select * from fact_records where type = 'wellspring.retraction' and key is not null and not (${inScope})`,
  );
}

/**
 * Reads one batch's objects in memory: afterwards there are `all_objects`, `incoming`, `arrivals`, `fresh_records`, `account_owners`
 * (everybody's) and `owned`. Nothing is written.
 */
export async function intake(
  database: Database,
  catalog: Catalog,
  before: Before,
  request: Omit<ComputeRequest, 'also'>,
): Promise<void> {
  await openIntake(database);
  await materialize(database, 'previous_owners', before.owners);
  await materialize(database, 'known_objects', before.objects);
  await bindConstants(database, catalog, request.batch);
  await takeIn(database, request.objects);
  const bringing: Bringing = { ...before, load: request.load };
  if (request.keys !== undefined) await bring(database, bringing, request.keys);
  if (before.rereadAll) await bring(database, bringing, 'select raw_key from known_objects');
  await readEnvelopes(database, catalog, request.batch.batchId);
  await bindAllObjects(database);
  await readFacts(database, catalog, before);
  await readOwned(database, catalog, before, request);
  request.onStep('read');
}

/** Runs the models over what `intake` left, for whom the batch is about: afterwards each is a table of its name, beside `scope_users` and `scope_accounts`. */
export async function model(
  database: Database,
  catalog: Catalog,
  before: Before,
  request: Pick<ComputeRequest, 'also' | 'onStep' | 'plan'>,
): Promise<void> {
  await findScope(database, request.also);
  await bindScope(database, before);
  const { roots, stored } = request.plan ?? planAll(catalog);
  for (const [name, select] of stored)
    await database.run(`create or replace temp view ${identifier(name)} as ${select}`);
  await runModels(database, catalog, { roots, bound: [OWNERS, ...stored.keys()] });
  request.onStep('modelled');
}

/** Computes one batch in memory: all that `intake` and `model` leave. Nothing is written. */
export async function compute(
  database: Database,
  catalog: Catalog,
  before: Before,
  request: ComputeRequest,
): Promise<void> {
  await intake(database, catalog, before, request);
  await model(database, catalog, before, request);
}
