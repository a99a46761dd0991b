import { materialize, type Database } from './database.ts';
import { literal } from './sql.ts';

/**
 * Text taken up at a time. Whatever reads JSON keeps all it parsed of up to 2048 rows, about ten times their text, until it is done with
 * them, and every expression for itself.
 */
const SLICE_BYTES = 8_000_000;

/**
 * Does the work for the documents of `select` (raw_key, kind, bytes) a slice at a time, each of one kind: they stand in the table
 * `reading(raw_key, document)` meanwhile. So memory goes with a slice or the longest document, not with all there is.
 */
export async function eachSlice(
  database: Database,
  select: string,
  work: (kind: string) => Promise<void>,
): Promise<void> {
  await materialize(
    database,
    'slices',
    `select raw_key, kind, cast(floor(sum(bytes) over (partition by kind order by raw_key) / ${SLICE_BYTES}e0) as int) as slice
     from (${select}) s`,
  );
  for (const row of await database.rows('select distinct kind, slice from slices order by kind, slice')) {
    const kind = String(row['kind']);
    const keys = `select raw_key from slices where kind = ${literal(kind)} and slice = ${Number(row['slice'])}`;
    await materialize(database, 'reading', `select raw_key, document from incoming where raw_key in (${keys})`);
    await work(kind);
  }
  await database.run('drop table if exists reading');
  await database.run('drop table slices');
}
