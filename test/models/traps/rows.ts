import { call, called, type Trap } from './trap.ts';
import { unordered } from './orders.ts';

/** Aggregates, windows, lists and what makes rows of them. */
export const ROWS: readonly Trap[] = [
  {
    trap: 'order-dependent aggregates',
    pattern: call('max_by|min_by|any_value|first|last|arg_max|arg_min'),
    wrong: 'select any_value(a) from t',
    right: 'select a from (select a, row_number() over (order by b desc, raw_key) as n from t) s where n = 1',
  },
  {
    trap: 'a row number in an order of equals',
    pattern: unordered,
    wrong: [
      'select row_number() over (partition by a order by received_ms desc) as n from t',
      'select row_number() over (partition by a) as n from t',
      'select row_number() over w as n from t window w as (order by a)',
    ],
    right:
      'select row_number() over (partition by a order by received_ms desc, raw_key desc, length(pointer), pointer) as n from t',
  },
  {
    trap: 'lateral view',
    pattern: /lateral\s+view/i,
    wrong: 'select a from t lateral view explode(b)',
    right: 'select explode(b) as a from t',
  },
  {
    trap: 'other generators',
    pattern: call('explode_outer|posexplode|unnest|inline|generate_series'),
    wrong: 'select posexplode(a)',
    right: 'select explode(a) as b from t',
  },
  {
    trap: 'two generators in one select',
    pattern: /\bexplode\((?:(?!\b(?:from|select)\b)[^;])*\bexplode\(/i,
    wrong: ['select explode(a) as x, explode(b) as y from t', 'select explode(a) as x, c, explode(b) as y from t'],
    right: 'select x, explode(b) as y from (select b, explode(a) as x from t) s',
  },
  {
    trap: 'made arrays, maps and structs',
    pattern: /\b(?:array|map|named_struct|struct|list_value|struct_pack)\s*\(/i,
    wrong: 'select array(1, 2)',
    right: 'select sequence(1, 2)',
  },
  { trap: 'brackets', pattern: /\[/, wrong: 'select a[1]', right: 'select element_at(a, 1)' },
  { trap: 'lambdas', pattern: /->/, wrong: 'select transform(a, x -> x)', right: 'select explode(a) as x from t' },
  {
    trap: 'lists of dates',
    pattern: called('sequence', ({ args: [from = ''] }) => !/^-?\d+$/.test(from)),
    wrong: ["select sequence(date '2026-01-01', b)", 'select sequence(d0, d1)'],
    right: 'select explode(sequence(0, datediff(b, a))) as n from t',
  },
  {
    trap: 'ignore nulls',
    pattern: /ignore\s+nulls/i,
    wrong: 'select lag(a) ignore nulls over (order by b)',
    right: 'select lag(a) over (order by b)',
  },
  {
    trap: 'distinct pairs in a count',
    pattern: called('count', ({ args }) => args.length > 1),
    wrong: ['select count(distinct a, b) from t', 'select count(distinct lower(a), b) from t'],
    right: 'select count(*) from (select distinct a, b from t) s',
  },
  {
    trap: 'some and any',
    pattern: call('some|any'),
    wrong: 'select some(a) from t',
    right: 'select bool_or(a) from t',
  },
  {
    trap: 'lists made text',
    pattern: call('string_agg|listagg|group_concat|collect_set'),
    wrong: 'select string_agg(a) from t',
    right: "select array_join(sort_array(collect_list(a)), ',') from t",
  },
  {
    trap: 'lists in no order',
    pattern: called('collect_list', ({ before }) => !/sort_array\(\s*$/i.test(before)),
    wrong: ["select array_join(collect_list(a), ',') from t", 'select element_at(collect_list(a), 1) from t'],
    right: "select array_join(sort_array(collect_list(a)), ',') from t",
  },
  {
    trap: 'a list joined as if it were a text',
    pattern: called('concat_ws', ({ args }) =>
      args.some((one) => /^(?:collect_list|sort_array|from_json|sequence)\(/i.test(one)),
    ),
    wrong: "select concat_ws(',', sort_array(collect_list(a))) from t",
    right: "select concat_ws('|', a, b) from t",
  },
];
