import type { RawInput } from '../engine.ts';
import { bring, type Bringing } from './bring.ts';
import { bindObjects } from './copies.ts';
import type { Catalog, Model } from './catalog.ts';
import { DATES } from './dates.ts';
import { columnOf, materialize, type Database } from './database.ts';
import { OBJECT_COLUMNS, openIntake, RECORD_NAMES, readEnvelopes, takeIn } from './intake.ts';
import { bindConstants, runModels, type BatchRow } from './models.ts';
import { findOwners, OWNERS } from './owners.ts';
import type { Plan } from './plan.ts';
import { isAbout, keepReached, mergeAround, mergeWhole, type Stored, unmerge } from './reached.ts';
import { readRecords } from './records.ts';
import { findScope } from './scope.ts';
import { emptySelect } from './source.ts';
import { duckdbType } from './spec.ts';
import { identifier } from './sql.ts';
import { readAround, readsOf, strataOf } from './strata.ts';
import type { StoredRecords } from './touched.ts';
import { findWindow } from './window.ts';

/** What earlier batches left, as selects; a first batch or a rebuild has typed empty ones. */
export interface Before {
  /** Columns of `objects` and `intake`. */
  readonly objects: string;
  readonly records: (accounts: readonly string[]) => string;
  readonly owners: string;
  /** Where days can be made anew by themselves: stored records with their days, and stored tables, as selects. */
  readonly days?: {
    readonly records: (accounts: readonly string[]) => StoredRecords;
    readonly table: (name: string) => Stored | undefined;
  };
  /** Documents kept of raw dates: raw_key, document; absent where none are. */
  readonly documents?: (dates: readonly string[]) => string;
}

export interface ComputeRequest {
  readonly batch: BatchRow;
  readonly objects: readonly RawInput[];
  /** A select of keys to read besides these. */
  readonly keys?: string;
  readonly load: (key: string) => Promise<Uint8Array | undefined>;
  readonly also: readonly string[] | 'all';
  readonly onStep: (step: string) => void;
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

/** Statements of a range of dates: one that says nothing near the touched days still takes away what older ones said of them. */
const RANGED = `select raw_key from all_objects
  where covers_from is not null and covers_to is not null and type in (select type from readers where replaces = 'covered')`;

/**
 * Binds `objects` and `records` of the scope as the models see them: records only of objects somebody owns, and of facts; of accounts
 * made anew by days those near the days. Retractions are everybody's: one may name objects of any account, and may have come long before this batch.
 */
async function bindScope(database: Database, before: Before, isWindowed: boolean): Promise<void> {
  const accounts = await columnOf(database, 'select account from whole_accounts order by 1');
  const isWhole = 'account in (select account from whole_accounts)';
  const inScope = 'account in (select account from scope_accounts)';
  const near = `union all select * from near_records where raw_key not in (select raw_key from incoming)
       and (raw_key, entity, pointer) not in (select (raw_key, entity, pointer) from touched)
     union all select ${RECORD_NAMES} from touched`;
  if (isWindowed) {
    const known = ['near_records', 'touched', 'touched_objects'].map((name) => `select raw_key from ${name}`);
    await bindObjects(database, [...known, RANGED].join(' union all '));
  } else await materialize(database, 'objects', `select ${OBJECT_COLUMNS} from all_objects where ${inScope}`);
  await materialize(
    database,
    'records',
    `select * from (
       select * from (${before.records(accounts)}) k where raw_key not in (select raw_key from incoming) and ${isWhole}
       union all select * from fresh_records where ${isWhole}
       ${isWindowed ? near : ''}
     ) r where provider = 'wellspring' or raw_key in (select raw_key from owned)
     union all
     select * from fact_records where type = 'wellspring.retraction' and key is not null and not (${inScope})`,
  );
}

/**
 * Reads one batch's objects in memory: afterwards there are `all_objects`, `incoming`, `arrivals`, `fresh_records`, `account_owners`
 * (everybody's), `owned` and `read_again` (accounts of what came that had been known). Nothing is written.
 */
export async function intake(
  database: Database,
  catalog: Catalog,
  before: Before,
  request: Omit<ComputeRequest, 'also'>,
): Promise<void> {
  await openIntake(database);
  await materialize(database, 'previous_owners', before.owners);
  // All there ever were: once in memory, as `all_objects`, is enough.
  await database.run(`create temp view known_objects as ${before.objects}`);
  await bindConstants(database, catalog, request.batch);
  await takeIn(database, request.objects);
  const bringing: Bringing = { ...before, load: request.load };
  if (request.keys !== undefined) await bring(database, bringing, request.keys);
  await readEnvelopes(database, catalog, request.batch.batchId);
  await bindAllObjects(database);
  await readFacts(database, catalog, before);
  await readOwned(database, catalog, before, request);
  await materialize(database, 'read_again', 'select account from known_objects semi join incoming using (raw_key)');
  await database.run('drop view known_objects');
  request.onStep('read');
}

const emptyOf = ({ spec }: Model): string =>
  emptySelect(Object.entries(spec.columns).map(([name, { type }]) => ({ name, type: duckdbType(type) })));

/** Models that do not hang on any of these, among those computed. */
function standing(catalog: Catalog, computed: Iterable<string>, of: ReadonlySet<string>): readonly string[] {
  return [...computed].filter((name) => ![...readsOf(catalog, [name])].some((read) => of.has(read)));
}

const namesOf = (models: readonly Model[]): readonly string[] => models.map(({ name }) => name);

/**
 * Runs the near models over the records around the touched days, the wide ones over what stands around these days once the near ones' rows are
 * in it, and the far ones over all that stands.
 */
async function runWindow(
  database: Database,
  catalog: Catalog,
  plan: Plan,
  stored: (name: string) => Stored | undefined,
): Promise<void> {
  const { near, wide, far } = strataOf(catalog, plan.names);
  const bound = [OWNERS, ...plan.stored.keys()];
  const computed = new Set(await runModels(database, catalog, { roots: [...namesOf(near), DATES], bound }));
  for (const one of near) await keepReached(database, one);
  const tableOf = (one: Model): Stored => stored(one.name) ?? (() => emptyOf(one));
  const run = async (models: readonly Model[], below: readonly Model[], isWide: boolean): Promise<void> => {
    const done = new Set(namesOf(below));
    const read = readsOf(catalog, namesOf(models), done);
    const merged = below.filter(({ name }) => read.has(name));
    const around = readAround(models);
    for (const one of merged) {
      if (isWide) await mergeAround(database, one, tableOf(one), around);
      else await mergeWhole(database, one, tableOf(one));
    }
    // Whatever was told of the objects near the days was told of too few.
    const there = [...bound, ...done, ...standing(catalog, computed, new Set([...done, 'objects']))];
    for (const name of await runModels(database, catalog, { roots: namesOf(models), bound: there })) computed.add(name);
    for (const one of models) await keepReached(database, one);
    for (const one of merged) await unmerge(database, one);
  };
  await run(wide, near, true);
  await database.run('drop table objects');
  await database.run(
    `create temp view objects as select ${OBJECT_COLUMNS} from all_objects where account in (select account from scope_accounts)`,
  );
  await run(far, [...near, ...wide], false);
}

/** Binds the tables that are not made anew, as far as they are about whom the models are run for. */
async function bindStored(database: Database, catalog: Catalog, { stored }: Plan): Promise<void> {
  for (const [name, select] of stored) {
    const partition = catalog.models.get(name)?.spec.partition;
    const about = partition === undefined ? '' : ` where ${isAbout(partition)}`;
    await database.run(`create or replace temp view ${identifier(name)} as select * from (${select}) s${about}`);
  }
}

/**
 * Finds whom the batch is about: `scope_users` and `scope_accounts`, and those of whom every day is made anew, `whole_users` and `whole_accounts`.
 * By days where `before` can say which records are of which; answers whether anybody is.
 */
export async function scope(
  database: Database,
  catalog: Catalog,
  before: Before,
  request: Pick<ComputeRequest, 'also' | 'onStep'>,
): Promise<boolean> {
  await findScope(database, request.also);
  const { days } = before;
  const isWindowed = days !== undefined && (await findWindow(database, catalog, days.records));
  if (isWindowed) request.onStep('windowed');
  else {
    await materialize(database, 'whole_users', 'select * from scope_users');
    await materialize(database, 'whole_accounts', 'select * from scope_accounts');
  }
  return isWindowed;
}

/**
 * Runs the models over what `intake` left, for whom `scope` found: afterwards each is a table of its name. By days they hold no more than the rows
 * made anew.
 */
export async function model(
  database: Database,
  catalog: Catalog,
  before: Before,
  { plan, isWindowed }: { readonly plan: Plan; readonly isWindowed: boolean },
): Promise<void> {
  await bindScope(database, before, isWindowed);
  await bindStored(database, catalog, plan);
  const { days } = before;
  if (isWindowed && days !== undefined) await runWindow(database, catalog, plan, days.table);
  else await runModels(database, catalog, { roots: plan.roots, bound: [OWNERS, ...plan.stored.keys()] });
}
