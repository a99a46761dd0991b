import { bracketed, plain } from './trap.ts';

/** A node of a bound plan, as DuckDB tells it: an expression, or an operator that holds some. */
export type Node = Readonly<Record<string, unknown>>;

/** What a column's type makes a trap: seen in the plan a text is bound to, where every type is known. */
export interface TypedTrap {
  readonly trap: string;
  readonly isTrap: (node: Node, parent: Node) => boolean;
  /** Texts over `t` that fall into it: x is a double, big a bigint, n an int, s a text, d and e dates, noon a timestamp. */
  readonly wrong: readonly string[];
  readonly right: string;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const field = (node: unknown, name: string): unknown => (isNode(node) ? node[name] : undefined);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const word = (value: unknown): string => (typeof value === 'string' ? value : '');

const typeOf = (node: unknown): string =>
  word(field(field(node, 'return_type'), 'id') ?? field(field(field(node, 'value'), 'type'), 'id'));
const nameOf = (node: unknown): string => word(field(node, 'name'));
const kindOf = (node: unknown): string => word(field(node, 'expression_class'));
const typesOf = (node: unknown): readonly string[] => list(field(node, 'children')).map(typeOf);

const FRACTIONS = new Set(['DOUBLE', 'FLOAT', 'DECIMAL']);
const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT']);
const NUMBERS = new Set([...FRACTIONS, ...INTEGERS]);

const isCast = (node: Node, from: (type: string) => boolean, to: (type: string) => boolean): boolean =>
  kindOf(node) === 'BOUND_CAST' && from(typeOf(node['child'])) && to(typeOf(node));
const isOf =
  (types: ReadonlySet<string>) =>
  (type: string): boolean =>
    types.has(type);
const is =
  (one: string) =>
  (type: string): boolean =>
    type === one;

/** A whole number small enough that no int times it is too long. */
const isFew = (node: unknown): boolean => Math.abs(Number(field(field(node, 'value'), 'value') ?? Infinity)) <= 1000;

export const TYPED_TRAPS: readonly TypedTrap[] = [
  {
    trap: 'a fraction cut to an integer',
    // `timestamp_seconds` is a macro that makes microseconds, whole ones, and those of intervals call `trunc`.
    isTrap: (node, parent) =>
      isCast(node, isOf(FRACTIONS), isOf(INTEGERS)) &&
      !['floor', 'ceil', 'ceiling', 'trunc'].includes(nameOf(node['child'])) &&
      nameOf(parent) !== 'make_timestamp',
    wrong: ['select cast(x as bigint) from t', 'select cast(coalesce(x, 0e0) as int) from t'],
    right: 'select cast(floor(x) as bigint), cast(big as int), timestamp_seconds(big) from t',
  },
  {
    trap: 'a fraction as text',
    isTrap: (node) => isCast(node, isOf(FRACTIONS), is('VARCHAR')),
    wrong: ['select cast(x as string) from t', 'select x || s from t', "select concat_ws('|', s, x) from t"],
    right: 'select cast(cast(floor(x) as bigint) as string), cast(big as string) || s, cast(d as string) from t',
  },
  {
    trap: 'a text taken for a number or a day without try_cast',
    isTrap: (node) =>
      isCast(node, is('VARCHAR'), (to) => NUMBERS.has(to) || ['DATE', 'TIMESTAMP', 'BOOLEAN'].includes(to)) &&
      node['try_cast'] !== true &&
      kindOf(node['child']) !== 'BOUND_CONSTANT',
    wrong: [
      'select cast(s as bigint) from t',
      'select cast(s as double) from t',
      'select cast(s as date) from t',
      "select get_json_object(s, '$.a') = 1 from t",
    ],
    right: "select try_cast(s as double), try_cast(s as double) = 1e0, d = date '2026-01-01' from t",
  },
  {
    trap: 'a text taken for an integer',
    isTrap: (node) => isCast(node, is('VARCHAR'), isOf(INTEGERS)) && node['try_cast'] === true,
    wrong: ['select try_cast(s as bigint) from t'],
    right: 'select cast(floor(try_cast(s as double)) as bigint) from t',
  },
  {
    trap: 'a number taken for an instant',
    isTrap: (node) => isCast(node, isOf(NUMBERS), (to) => ['TIMESTAMP', 'DATE'].includes(to)),
    wrong: ['select cast(n as timestamp) from t', 'select cast(big as timestamp) from t'],
    right: 'select timestamp_seconds(big), timestamp_millis(big), cast(d as timestamp) from t',
  },
  {
    trap: 'a day less a day',
    // `unix_date` is a macro that does so.
    isTrap: (node, parent) =>
      kindOf(node) === 'BOUND_FUNCTION' &&
      nameOf(node) === '-' &&
      typesOf(node).every((type) => ['DATE', 'TIMESTAMP'].includes(type)) &&
      typesOf(node).length === 2 &&
      !(kindOf(parent) === 'BOUND_CAST' && typeOf(parent) === 'INTEGER'),
    wrong: ['select d - e from t', 'select (d - e) * 2 from t'],
    right: 'select datediff(d, e), unix_date(d), date_sub(d, 1), d - 1 from t',
  },
  {
    trap: 'a day and a length of time',
    // `add_months` is a macro that adds `to_months` and makes a day of it again.
    isTrap: (node, parent) =>
      kindOf(node) === 'BOUND_FUNCTION' &&
      ['+', '-'].includes(nameOf(node)) &&
      typesOf(node).includes('INTERVAL') &&
      typesOf(node).some((type) => ['DATE', 'TIMESTAMP'].includes(type)) &&
      !(typeOf(parent) === 'DATE' && list(node['children']).some((child) => nameOf(child) === 'to_months')),
    wrong: ['select d + interval (n) day from t', 'select noon - interval (n) hour from t'],
    right: 'select date_add(d, cast(big as int)), add_months(d, 1), to_utc_timestamp(noon, s) from t',
  },
  {
    trap: 'a sum of fractions',
    isTrap: (node) => ['sum', 'avg', 'fsum', 'kahan_sum'].includes(nameOf(node)) && typesOf(node).some(isOf(FRACTIONS)),
    wrong: ['select sum(x) from t', 'select sum(x) over (order by s) from t', 'select sum(x) + avg(x) from t'],
    right: 'select cast(sum(cast(floor(x * 1000000e0 + 0.5e0) as bigint)) as bigint) from t',
  },
  {
    trap: 'a product of ints',
    isTrap: (node) =>
      nameOf(node) === '*' && typesOf(node).every((type) => type === 'INTEGER') && !list(node['children']).some(isFew),
    wrong: ['select n * n from t', 'select unix_date(d) * 86400 from t'],
    right: 'select cast(n as bigint) * n, unix_date(d) * 86400e0, n * 7 from t',
  },
  {
    trap: 'a decimal',
    isTrap: (node) => kindOf(node).startsWith('BOUND_') && typeOf(node) === 'DECIMAL',
    wrong: ['select 1.5 as a from t', 'select n * 0.1 from t'],
    right: 'select 1.5e0 as a, n * 0.1e0 as b from t',
  },
];

/** Every expression with the node it is of. */
function* nodes(value: unknown, parent: Node): Generator<readonly [Node, Node]> {
  if (Array.isArray(value)) for (const one of value) yield* nodes(one, parent);
  else if (isNode(value)) {
    yield [value, parent];
    for (const one of Object.values(value)) yield* nodes(one, value);
  }
}

/** The call or the word at a place. */
function wordsAt(sql: string, at: unknown): string {
  if (typeof at !== 'number' || at >= sql.length) return '';
  const name = /^\w*/.exec(sql.slice(at))?.[0] ?? '';
  const end = at + name.length;
  return plain(sql[end] === '(' ? name + bracketed(sql, end) : sql.slice(at, at + 40));
}

/** What of a bound text falls into a trap; a text DuckDB does not bind falls into one itself. */
export function typedTrapsIn(sql: string, told: string): readonly { readonly trap: string; readonly text: string }[] {
  const plan: unknown = JSON.parse(told);
  if (field(plan, 'error') !== false)
    return [{ trap: 'what does not bind', text: String(field(plan, 'error_message')) }];
  return [...nodes(field(plan, 'plans'), {})].flatMap(([node, parent]) =>
    TYPED_TRAPS.filter(({ isTrap }) => isTrap(node, parent)).map(({ trap }) => ({
      trap,
      text: wordsAt(sql, node['query_location']),
    })),
  );
}
