import { isBound, materialize, type Database } from './database.ts';

/** What is stored with a record beside what was read: the days it can say anything of, and its instants where it displaces by overlapping (Unix s). */
export const DATE_COLUMNS = 'from_date, to_date, start_s, end_s';

/** A number of a text that few others share; signed, because no other engine knows numbers that are not. */
const markOf = (text: string): string => `cast(md5_number_lower(${text}) >> 1 as bigint)`;

/** What the other records of its object, and other versions of a record, are found by without reading what they say. */
export const MARKS = {
  object_mark: markOf('raw_key'),
  key_mark: markOf(`concat_ws(' ', account, type, entity, key)`),
} as const;

/** The marks as columns of a select of records. */
export const MARK_COLUMNS = `${MARKS.object_mark} as object_mark, ${MARKS.key_mark} as key_mark`;

/** The model that finds the days. */
export const DATES = 'record_dates';

/** `DATE_COLUMNS` of a record that is of no day, or none yet. */
export const NO_DATE_COLUMNS =
  'cast(null as date) as from_date, cast(null as date) as to_date, cast(null as bigint) as start_s, cast(null as bigint) as end_s';

/** For models that do not know when a record is of. */
const NO_DATES = `select cast(null as varchar) as raw_key, cast(null as varchar) as pointer, ${NO_DATE_COLUMNS} where false`;

/**
 * From the model `record_dates`: makes `dated(raw_key, entity, pointer, from_date, to_date, start_s, end_s)` for the records of `select`. A record
 * and its children, and all versions of a record, have their days in common: whichever of them is asked for, all are read.
 */
export async function dateRecords(database: Database, select: string): Promise<void> {
  if (!(await isBound(database, DATES))) await materialize(database, DATES, NO_DATES);
  await materialize(
    database,
    'dated',
    `with own as (
       select r.raw_key, r.pointer, r.account, r.type, r.entity, r.key,
         case when d.replaces = 'parent' then r.parent else r.pointer end as root, coalesce(d.replaces = 'parent', false) as is_child
       from (${select}) r left join readers d on d.type = r.type and d.entity = r.entity
     ),
     roots as (
       select raw_key, pointer,
         min(case when key is null then raw_key || ' ' || pointer else concat_ws(' ', account, type, entity, key) end) as family
       from own where not is_child group by raw_key, pointer
     ),
     members as (
       select o.raw_key, o.entity, o.pointer, coalesce(f.family, o.raw_key || ' ' || o.pointer) as family
       from own o left join roots f on f.raw_key = o.raw_key and f.pointer = o.root
     ),
     days as (
       select m.family, min(d.from_date) as from_date, max(d.to_date) as to_date
       from members m join ${DATES} d on d.raw_key = m.raw_key and d.pointer = m.pointer group by m.family
     )
     select m.raw_key, m.entity, m.pointer, s.from_date, s.to_date, d.start_s, d.end_s
     from members m left join days s on s.family = m.family
     left join ${DATES} d on d.raw_key = m.raw_key and d.pointer = m.pointer`,
  );
}
