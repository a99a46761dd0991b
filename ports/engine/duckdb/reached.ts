import { PortError } from '../../errors.ts';
import type { Model } from './catalog.ts';
import { materialize, type Database } from './database.ts';
import { dayOf, periodOf } from './days.ts';
import { bucketsOf, periodOfDay, placesOf } from './periods.ts';
import { identifier, literal } from './sql.ts';
import type { Replaced } from './stage.ts';
import { isNear, NEAR, reachOf, type Reach } from './strata.ts';

/** The table of days a changed day reaches in a model: those of near models, and what these reach further on. */
async function reachedBy(database: Database, reach: Reach): Promise<string> {
  const before = NEAR.before + (isNear(reach) ? 0 : reach.before);
  const after = NEAR.after + (isNear(reach) ? 0 : reach.after);
  const name = `reached_${before}_${after}`;
  await database.run(
    `create temp table if not exists ${name} as
     select distinct user_id, cast(unnest(generate_series(from_date - ${before}, to_date + ${after}, interval 1 day)) as date) as day from touched_spans`,
  );
  return name;
}

/** A condition on the rows of a table about people or accounts that is true for those a batch by days makes anew. */
async function conditionOf(database: Database, model: Model): Promise<string> {
  const columns = Object.keys(model.spec.columns);
  const has = (name: string): boolean => columns.includes(name);
  const reach = reachOf(model);
  const day = dayOf(columns);
  const days = reach === undefined || day === null ? undefined : await reachedBy(database, reach);
  const inDays =
    days === undefined ? 'false' : `(user_id, ${identifier(day ?? '')}) in (select (user_id, day) from ${days})`;
  if (model.spec.partition === 'user_id') {
    return days === undefined
      ? 'coalesce(user_id in (select user_id from scope_users), false)'
      : `(coalesce(user_id in (select user_id from whole_users), false) or coalesce(${inDays}, false))`;
  }
  const either = [
    'account in (select account from whole_accounts)',
    'raw_key in (select raw_key from touched_objects)',
    ...(has('pointer') ? ['(raw_key, pointer) in (select (raw_key, pointer) from touched)'] : []),
    ...(has('local_date') ? [inDays] : []),
  ];
  return `(${either.map((part) => `coalesce(${part}, false)`).join(' or ')})`;
}

const tableOf = (column: string): string => (column === 'account' ? 'scope_accounts' : 'scope_users');

/** A condition that is true for rows of whom the batch is about. */
export const isAbout = (column: string): string =>
  `coalesce(${column} in (select ${column} from ${tableOf(column)}), false)`;

/** Holds the new rows of models to people and accounts the batch is about; else `out_of_scope`. */
export async function checkScope(database: Database, models: readonly Model[]): Promise<void> {
  const strangers = models.flatMap(({ name, spec: { partition } }) =>
    partition === undefined
      ? []
      : `select ${literal(name)} as name, '${partition}' as partition where exists (select 1 from ${identifier(name)} where not ${isAbout(partition)})`,
  );
  if (strangers.length === 0) return;
  const [found] = await database.rows(strangers.join(' union all '));
  if (found === undefined) return;
  throw new PortError(
    'out_of_scope',
    `${String(found['name'])} has rows of a ${String(found['partition'])} this batch is not about`,
  );
}

/** Everything of whom a batch is about. */
export async function wholeOf(database: Database, column: string): Promise<Replaced> {
  return { isIn: await bucketsOf(database, tableOf(column), column), where: isAbout(column) };
}

/** Whether files by account and day of arrival may hold a touched object, or one of an account made anew whole. */
async function objectFiles(database: Database): Promise<Replaced['isIn']> {
  const whole = await bucketsOf(database, 'whole_accounts', 'account');
  const touched = 'from all_objects semi join touched_objects using (raw_key)';
  const places = await placesOf(database, touched, 'account', periodOf(['raw_key'], 'account') ?? '');
  return (file) => whole(file) || places(file);
}

/** Whether files by person and day may hold days of this table (user_id, day), or anything of a person made anew whole. */
async function dayFiles(database: Database, days: string): Promise<Replaced['isIn']> {
  const whole = await bucketsOf(database, 'whole_users', 'user_id');
  const places = await placesOf(database, `from ${days}`, 'user_id', periodOfDay('day'));
  return (file) => whole(file) || places(file);
}

/** What a batch by days makes anew of a model's rows, and in which files that lies. */
export async function replacedOf(database: Database, model: Model): Promise<Replaced> {
  const { partition } = model.spec;
  const where = await conditionOf(database, model);
  const reach = reachOf(model);
  const day = dayOf(Object.keys(model.spec.columns));
  if (partition === 'account' && day === null) return { isIn: await objectFiles(database), where };
  if (partition !== 'user_id' || reach === undefined || day === null)
    return { ...(await wholeOf(database, partition ?? 'user_id')), where };
  return { isIn: await dayFiles(database, await reachedBy(database, reach)), where };
}

/** Takes out of the table of a model's new rows what is not made anew: it was made of less than it is made of. */
export async function keepReached(database: Database, model: Model): Promise<void> {
  if (model.spec.partition === undefined) return;
  await database.run(`delete from ${identifier(model.name)} where not ${await conditionOf(database, model)}`);
}

/** A select over those files of a stored table that are asked for. */
export type Stored = (isIn: Replaced['isIn']) => string;

/** Puts what stands of a table once the new rows are in it in its place: the new rows are in `fresh_` and its name until `unmerge`. */
async function merge(database: Database, model: Model, rest: string): Promise<void> {
  const { name } = model;
  const columns = Object.keys(model.spec.columns).map(identifier).join(', ');
  await database.run(`alter table ${identifier(name)} rename to ${identifier(`fresh_${name}`)}`);
  await database.run(
    `create temp view ${identifier(name)} as select ${columns} from (${rest}) s
     union all select ${columns} from ${identifier(`fresh_${name}`)}`,
  );
}

/** What stands of a table, of whom the batch is about. */
export async function mergeWhole(database: Database, model: Model, stored: Stored): Promise<void> {
  const about =
    model.spec.partition === 'account'
      ? 'account in (select account from scope_accounts)'
      : 'user_id in (select user_id from scope_users)';
  const { isIn, where } = await replacedOf(database, model);
  // Most files hold nothing that goes: of these no row has to be asked.
  const staying = `select * from (${stored((file) => !isIn(file))}) o where ${about}`;
  await merge(
    database,
    model,
    `${staying} union all select * from (${stored(isIn)}) o where ${about} and not ${where}`,
  );
}

/** What stands of a table around the touched days: as far as `around`, which is what rows reached from them are made of. */
export async function mergeAround(database: Database, model: Model, stored: Stored, around: Reach): Promise<void> {
  const day = dayOf(Object.keys(model.spec.columns));
  if (day === null || model.spec.partition !== 'user_id') return mergeWhole(database, model, stored);
  const days = await reachedBy(database, around);
  const where = await conditionOf(database, model);
  const rest = `rest_${model.name}`;
  await materialize(
    database,
    rest,
    `select * from (${stored(await dayFiles(database, days))}) o
     where (user_id, ${identifier(day)}) in (select (user_id, day) from ${days}) and not ${where}`,
  );
  await merge(database, model, `select * from ${identifier(rest)}`);
}

/** Takes the view away again. */
export async function unmerge(database: Database, { name }: Model): Promise<void> {
  await database.run(`drop view ${identifier(name)}`);
  await database.run(`drop table if exists ${identifier(`rest_${name}`)}`);
  await database.run(`alter table ${identifier(`fresh_${name}`)} rename to ${identifier(name)}`);
}
