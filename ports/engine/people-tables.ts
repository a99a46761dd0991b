import type { Row, Warehouse } from '../warehouse/warehouse.ts';

/** A published table with rows of single people, as the catalogue has it. */
export interface PeopleTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly hasUser: boolean;
  readonly hasAccount: boolean;
  /** Whether rows are of local days: `local_date`. */
  readonly hasDay: boolean;
}

/** Rows asked for at once; a row of an answer is some hundred bytes. */
const MOST_ROWS = 100_000;
/** Where rows without a day are counted. */
const NO_MONTH = '';
const PLAIN = /^[a-z_][a-z0-9_]*$/;
/** Other names of tables (`also_called` of their .yml): what is in them is in those. */
export const VIEWS: readonly string[] = ['fact_daily_metric', 'fact_workout'];

// The catalogue's own database is `current_schema`; what is not of the project has other names of schemas.
const COLUMNS = {
  name: 'extract.columns',
  sql: `select table_name, column_name, data_type, ordinal_position from information_schema.columns
    where table_schema = current_schema order by table_name, ordinal_position`,
};

/** Tables with the column `user_id`, and with `isAny` those with `account` alone too, in order of name. */
export async function peopleTables(warehouse: Warehouse, isAny = false): Promise<readonly PeopleTable[]> {
  const tables = new Map<string, { name: string; type: string }[]>();
  for (const row of await warehouse.run(COLUMNS)) {
    const [table, name, type] = ['table_name', 'column_name', 'data_type'].map((key) => String(row[key]));
    if (table === undefined || name === undefined || !PLAIN.test(table) || !PLAIN.test(name)) continue;
    if (VIEWS.includes(table)) continue;
    tables.set(table, [...(tables.get(table) ?? []), { name, type: (type ?? '').toLowerCase() }]);
  }
  return [...tables].flatMap(([name, columns]) => {
    const has = (column: string): boolean => columns.some((one) => one.name === column);
    const [hasUser, hasAccount] = [has('user_id'), has('account')];
    return hasUser || (isAny && hasAccount) ? [{ name, columns, hasUser, hasAccount, hasDay: has('local_date') }] : [];
  });
}

/** Rows of a person by table and month, `table_name`, `month`, `n`. */
export function countingSql(tables: readonly PeopleTable[]): string {
  return tables
    .map(({ name, hasDay }) => {
      const month = hasDay ? `coalesce(substr(cast(local_date as varchar), 1, 7), '${NO_MONTH}')` : `'${NO_MONTH}'`;
      return `select '${name}' as table_name, ${month} as month, count(*) as n from ${name} where user_id = $user group by ${month}`;
    })
    .join(' union all ');
}

/** Months in a row that together are not too many rows to hold, each with the first and the last day; both empty: rows without a day. */
export function slicesOf(months: readonly Row[]): readonly { readonly from: string; readonly to: string }[] {
  const slices: { first: string; last: string; n: number }[] = [];
  for (const row of months.toSorted((a, b) => (String(a['month']) < String(b['month']) ? -1 : 1))) {
    const [month, n, slice] = [String(row['month']), Number(row['n']), slices.at(-1)];
    if (slice === undefined || slice.last === NO_MONTH || slice.n + n > MOST_ROWS)
      slices.push({ first: month, last: month, n });
    else {
      slice.last = month;
      slice.n += n;
    }
  }
  return slices.map(({ first, last }) =>
    first === NO_MONTH ? { from: '', to: '' } : { from: `${first}-01`, to: `${last}-31` },
  );
}

/** A person's rows: all of them for a file; for an answer those between `$from` and `$to`, where the table has days. */
export function selectOf(table: PeopleTable, { isFile }: { readonly isFile: boolean }): string {
  const cells = table.columns.map(({ name, type }) =>
    // Files hold instants by the millisecond only.
    isFile && type.startsWith('timestamp') ? `cast(${name} as timestamp(3)) as ${name}` : name,
  );
  // Texts compare as days do, and the last day of a month needs no calendar.
  const days = `coalesce(cast(local_date as varchar), '') between $from and $to`;
  const where = table.hasDay && !isFile ? ` and ${days} order by local_date` : '';
  return `select ${cells.join(', ')} from ${table.name} where user_id = $user${where}`;
}
