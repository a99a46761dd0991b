import { bracketed, calls, type Finder, parted, plain } from './trap.ts';

/** What tells rows of one source or one object apart, so that an order that ends on it is total. */
const APART =
  'raw_key pointer raw_pointer field_pointer key account fact_account connection_id session_id device metric stat'.split(
    ' ',
  );

/** The window of a call: in brackets behind it, or named at the end of the select. */
function windowOf(sql: string, after: string): string {
  const name = /^\s*over\s+(\w+)/i.exec(after)?.[1];
  const said = name === undefined ? after : sql.slice(sql.search(new RegExp(`\\b${name}\\s+as\\s*\\(`, 'i')));
  return plain(bracketed(said, said.indexOf('(')));
}

/** Windows of row numbers whose order does not end on what tells rows apart. */
export const unordered: Finder = (sql) =>
  calls(sql, 'row_number')
    .map(({ after }) => windowOf(sql, after).replaceAll('( ', '(').replaceAll(' )', ')'))
    .filter((window) => {
      const order = /order by (.*)\)$/i.exec(window)?.[1]?.replace(/ (?:rows|range) between .*$/i, '') ?? '';
      const last = parted(order)
        .at(-1)
        ?.replace(/ (?:asc|desc)?(?: ?nulls (?:first|last))?$/i, '')
        .replace(/^\w+\./, '');
      return !APART.includes(last ?? '');
    });
