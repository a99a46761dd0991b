import { PortError } from '../errors.ts';
import type { Cell, NamedQuery } from './warehouse.ts';

/** Texts and comments are passed over: what looks like a placeholder in them is none. */
const PLACES = /'(?:[^']|'')*'|--[^\n]*|\$([a-z_][a-z0-9_]*)|\?/gi;
/** The longest value Athena takes, quotes included. */
const LONGEST = 1024;

/**
 * A cell as the literal Athena puts in the place of a `?`: it reads a parameter as SQL, so texts are quoted here, with every quote doubled
 * (Trino knows no other escape), and a fraction is written as a double, because `0.5` is a decimal there.
 */
function literal(cell: Cell): string {
  if (cell === null) return 'null';
  if (typeof cell === 'string') return `'${cell.replaceAll("'", "''")}'`;
  if (typeof cell === 'boolean' || Number.isSafeInteger(cell)) return String(cell);
  // Trino's infinities are calls, and nothing asks for them.
  return Number.isFinite(cell) ? cell.toExponential().toUpperCase() : 'null';
}

const wrong = (query: NamedQuery, what: string): PortError =>
  new PortError('wrong_parameters', `The query ${query.name} ${what}.`);

/**
 * The query with `?` for each `$name`, and the literal for each `?` in order of appearance; a name that stands twice is given twice.
 * `wrong_parameters` when a name has no value, a value no name, or a value is longer than Athena takes (1,022 characters of text).
 */
export function positional(
  query: NamedQuery,
  parameters: Readonly<Record<string, Cell>>,
): { readonly sql: string; readonly values: readonly string[] } {
  const names: string[] = [];
  const sql = query.sql.replaceAll(PLACES, (found: string, name: string | undefined) => {
    if (found === '?') throw wrong(query, 'has a ? of its own');
    if (name === undefined) return found;
    names.push(name);
    return '?';
  });
  const unused = Object.keys(parameters).find((name) => !names.includes(name));
  if (unused !== undefined) throw wrong(query, `has no place for $${unused}`);
  const values = names.map((name) => {
    const cell = parameters[name];
    if (cell === undefined) throw wrong(query, `was given no $${name}`);
    const value = literal(cell);
    if (value.length > LONGEST) throw wrong(query, `was given a $${name} that is too long`);
    return value;
  });
  return { sql, values };
}
