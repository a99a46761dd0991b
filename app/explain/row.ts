import type { Row } from '../../ports/warehouse/warehouse.ts';
import { textOf } from '../cells.ts';
import { WellspringError } from '../errors.ts';
import { explain } from '../explain.ts';
import { type Table, tables } from '../lineage.ts';
import { maskedRow } from '../masked-row.ts';
import { findUser } from '../people.ts';
import type { Runtime } from '../runtime.ts';
import type { Viewer } from '../session.ts';
import { forbidden } from '../viewer.ts';
import { type Evidence, type Place, readEvidence, uniquePlaces } from './evidence.ts';
import { checkKey, keyOf, readKey } from './key.ts';
import { follow, readRows, type Rows } from './rows.ts';
import { belongsTo, holds } from './statement.ts';

/** Where a row of a mart came from (contract 10). */
export interface RowExplanation {
  readonly table: string;
  readonly key: Row;
  /** As the table holds it; access tokens and callback addresses in its texts are masked. */
  readonly row: Row;
  /** What it was made from where that is no row, in words. */
  readonly reason: string | null;
  /** The rows it was made from, by table, at most 200 of each; `key` is null in a table nobody can ask for. */
  readonly made_from: readonly {
    readonly table: string;
    readonly rows: readonly { readonly key: Row | null; readonly row: Row }[];
    readonly total: number;
  }[];
  /** The provider's own text at the places the row and those rows were read from. */
  readonly evidence: readonly Evidence[];
  readonly evidence_total: number;
}

export interface RowQuestion {
  readonly viewer: Viewer;
  readonly table: string;
  /** `col=value,…`: the columns of the grain. */
  readonly key: string;
  /** Whose row it is, where the key does not say it. */
  readonly userId?: string | undefined;
}

type Asked = Pick<Runtime, 'warehouse' | 'objects' | 'state'>;

/** What each source said of a day and what of it counted is known better than the rows alone tell. */
const OF_DAYS = 'daily_metrics';
/** Its rows are the objects themselves: whoever comes from a place in one is not shown all of it. */
const OF_OBJECTS = 'raw_objects';

function tableNamed(name: string): Table {
  const table = tables().get(name);
  if (table?.published === true) return table;
  const names = [...tables().values()].filter(({ published }) => published).map((one) => one.name);
  throw new WellspringError({
    code: 'unknown_table',
    message: 'There is no such table.',
    detail: `There are ${names.toSorted().join(', ')}.`,
    remedy: 'Name one of these.',
    status: 404,
    exit: 2,
  });
}

/** The key as asked, with the id of the person in the place of a name; a person who looks learns of nobody's name. */
async function askedKey({ state }: Pick<Runtime, 'state'>, question: RowQuestion, table: Table) {
  const { viewer, userId } = question;
  const whose = userId === undefined || table.columns['user_id'] === undefined ? {} : { user_id: userId };
  const key = { ...whose, ...readKey(question.key) };
  checkKey(table, key);
  if (viewer.role === 'person' || !key['user_id']) return key;
  return { ...key, user_id: (await findUser({ state }, key['user_id'])).user_id };
}

async function readRow(runtime: Asked, question: RowQuestion, table: Table): Promise<Row> {
  const { viewer } = question;
  const key = await askedKey(runtime, question, table);
  const isOfPeople = table.columns['user_id'] !== undefined;
  // What tells of nobody is everybody's; what tells of all together is the owner's.
  if (viewer.role === 'person' && !isOfPeople && table.edges.length > 0) throw forbidden();
  const own = viewer.role === 'person' && isOfPeople ? [belongsTo(viewer.userId)] : [];
  const conditions = Object.entries(key).map(([column, cell]) => holds(table, column, cell));
  const [row] = (await readRows(runtime, table, [...conditions, ...own], 1)).rows;
  if (row !== undefined) return row;
  throw new WellspringError({
    code: 'no_such_row',
    message: `There is no such row of ${table.name}.`,
    detail: 'No row of the last batch has this key.',
    remedy: 'Ask for a row that is there; what just arrived is there after the next batch.',
    status: 404,
    exit: 1,
  });
}

function placesOf({ raw_key: key, raw_pointer, pointer }: Row): readonly Place[] {
  if (key === undefined || key === null) return [];
  return [{ raw_key: textOf(key), raw_pointer: textOf(raw_pointer ?? pointer), share: null }];
}

async function evidenceOf(runtime: Asked, table: Table, row: Row, made: readonly Rows[]) {
  if (table.name === OF_DAYS) {
    const day = textOf(row['local_date']);
    const of = { userId: textOf(row['user_id']), day, metric: textOf(row['metric']) };
    const { evidence, evidence_total } = await explain(runtime, of);
    return { evidence, evidence_total };
  }
  const below = made.filter((one) => one.table.name !== OF_OBJECTS).flatMap(({ rows }) => rows.flatMap(placesOf));
  const places = uniquePlaces([...placesOf(row), ...below]);
  return { evidence: await readEvidence(runtime, places), evidence_total: places.length };
}

/**
 * A row of a published table, the rows it was made from and the provider's own text. A person sees their own rows alone; another's is as if
 * there were none. Throws `unknown_table` (404, exit 2), `bad_key` (400, exit 2), `no_such_row` (404, exit 1), `forbidden`, `unknown_user`.
 */
export async function explainRow(runtime: Asked, question: RowQuestion): Promise<RowExplanation> {
  const table = tableNamed(question.table);
  const row = await readRow(runtime, question, table);
  const made = await Promise.all(
    table.edges.map((edge) => {
      const from = tables().get(edge.from);
      if (from === undefined) throw new Error(`${table.name} is explained by ${edge.from}, which is not stored.`);
      return follow(runtime, edge, { table, row, from });
    }),
  );
  return {
    table: table.name,
    key: keyOf(table, row),
    row: maskedRow(row),
    reason: table.reason,
    made_from: made.map(({ table: from, rows, total }) => ({
      table: from.name,
      rows: rows.map((one) => ({ key: from.published ? keyOf(from, one) : null, row: maskedRow(one) })),
      total,
    })),
    ...(await evidenceOf(runtime, table, row, made)),
  };
}
