import type { Database } from '../duckdb/database.ts';
import { identifier } from '../duckdb/sql.ts';
import { changesOf, isOurWork, sameGrain } from './diff.ts';
import { selectOf, type Held } from './held.ts';
import type { Difference } from './small.ts';

/** Rows of a table whose cells are shown, the first by their grain. */
const SHOWN = 20;
/** By these forgetting knows whose a line is. */
const WHOSE = ['user_id', 'account'];

/** What `changes_<name>` does to its table, in rows. */
export async function differenceOf(database: Database, name: string): Promise<Difference> {
  const [row = {}] = await database.rows(
    `select count(*) filter (where op = 'put' and not stored) as added, count(*) filter (where op = 'put' and stored) as changed,
       count(*) filter (where op = 'gone') as removed
     from ${identifier(changesOf(name))}`,
  );
  return { added: Number(row['added']), changed: Number(row['changed']), removed: Number(row['removed']) };
}

/**
 * Some cells `changes_<name>` changes, as lines of a run: `{"row": {<grain>, "column", "before", "after"}}`, also `user_id` or `account` where the
 * table has it. Of a row that comes or goes those with a value.
 */
export async function cellsOf(database: Database, held: Held): Promise<readonly { readonly row: object }[]> {
  const { name, grain, columns } = held.layout;
  const keys = [...new Set([...WHOSE.filter((one) => one in columns), ...grain])];
  const compared = Object.keys(columns).filter((one) => !grain.includes(one) && !isOurWork(one));
  const order = grain.map(identifier).join(', ');
  const cells = compared.flatMap((one) => [
    `case when c.stored then o.${identifier(one)} end as ${identifier(`before_${one}`)}`,
    `case when c.op = 'put' then c.${identifier(one)} end as ${identifier(`after_${one}`)}`,
  ]);
  const rows = await database.rows(
    `select ${[...keys.map((key) => `c.${identifier(key)}`), ...cells].join(', ')}
     from (select * from ${identifier(changesOf(name))} order by ${order} limit ${SHOWN}) c
     left join (${selectOf(held)}) o on ${sameGrain(grain, 'o', 'c')}
     order by ${grain.map((one) => `c.${identifier(one)}`).join(', ')}`,
  );
  return rows.flatMap((row) => {
    const key = Object.fromEntries(keys.map((one) => [one, row[one] ?? null]));
    return compared
      .map((column) => ({ column, before: row[`before_${column}`] ?? null, after: row[`after_${column}`] ?? null }))
      .filter(({ before, after }) => before !== after)
      .map((cell) => ({ row: { ...key, ...cell } }));
  });
}
