import { call, type Trap } from './trap.ts';

/** Aggregates, windows, lists and what makes rows of them. */
export const ROWS: readonly Trap[] = [
  {
    trap: 'order-dependent aggregates',
    pattern: call('max_by|min_by|any_value|first|last|arg_max|arg_min'),
    wrong: 'select any_value(a) from t',
    right: 'select a from (select a, row_number() over (order by b desc, a) as n from t) s where n = 1',
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
    pattern: /explode\([^;]*?\bas\s+\w+\s*,\s*explode\(/i,
    wrong: 'select explode(a) as x, explode(b) as y from t',
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
    pattern: /\bsequence\(\s*date\b/i,
    wrong: "select sequence(date '2026-01-01', b)",
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
    pattern: /count\(\s*distinct\s+[\w.]+\s*,/i,
    wrong: 'select count(distinct a, b) from t',
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
    pattern: /array_join\(\s*collect_list\(/i,
    wrong: "select array_join(collect_list(a), ',') from t",
    right: "select array_join(sort_array(collect_list(a)), ',') from t",
  },
  {
    trap: 'a list joined as if it were a text',
    pattern: /concat_ws\([^;()]*\b(?:collect_list|sort_array|from_json)\(/i,
    wrong: "select concat_ws(',', collect_list(a)) from t",
    right: "select concat_ws('|', a, b) from t",
  },
];
