import type { Catalog } from './catalog.ts';
import { materialize, type Database } from './database.ts';
import { readerSql } from './reader.ts';
import type { Reader } from './readers.ts';
import { shapesSql } from './shapes.ts';
import { eachSlice } from './slices.ts';
import { inList, literal } from './sql.ts';
import { walksOf } from './walk.ts';

/** The entity of what is no record: something else where a reader walks through a list or an object. */
const MISSHAPEN = 'misshapen';

async function add(database: Database, select: string): Promise<void> {
  await database.run(
    `insert into fresh_records
     select x.raw_key, a.raw_sha256, a.delivery_id, a.provider, a.account, a.type, x.entity, a.received_ms, a.covers_from,
       a.covers_to, x.pointer, x.parent, x.key, x.record, x.carried
     from (${select}) x join arrivals a using (raw_key)`,
  );
}

/** Reads the documents in the table `reading(raw_key, document)`, which are all of one type. */
async function readType(database: Database, readers: readonly Reader[]): Promise<void> {
  const walks = walksOf(readers);
  for (const walk of walks) await materialize(database, walk.table, walk.sql);
  for (const reader of readers) {
    const sql = readerSql(reader, walks);
    if (sql !== undefined) await add(database, sql);
  }
  const misshapen = shapesSql(readers, walks);
  if (misshapen !== undefined) {
    await add(
      database,
      `select raw_key, ${literal(MISSHAPEN)} as entity, pointer, null as parent, null as key, record, '{}' as carried from (${misshapen}) m`,
    );
  }
  for (const walk of walks) await database.run(`drop table ${walk.table}`);
}

/** Reads the records of the objects in the table `wanted(raw_key)` from `incoming` into `fresh_records`. */
export async function readRecords(database: Database, catalog: Catalog): Promise<void> {
  const readable = catalog.readers.filter(({ steps }) => steps !== undefined);
  await eachSlice(
    database,
    `select raw_key, type as kind, bytes from arrivals
     where problem is null and type in ${inList(new Set(readable.map(({ type }) => type)))} and raw_key in (select raw_key from wanted)`,
    (type) =>
      readType(
        database,
        readable.filter((reader) => reader.type === type),
      ),
  );
}
