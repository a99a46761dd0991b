import { type Trap, word } from './trap.ts';

/** Files, names, literals, sets and joins. */
export const STATEMENTS: readonly Trap[] = [
  { trap: 'several statements', pattern: /;\s*\S/, wrong: 'select 1; select 2', right: 'select 1;' },
  { trap: 'quoted identifiers', pattern: /["`]/, wrong: 'select "a" from t', right: 'select a as value from t' },
  { trap: 'a doubled quote', pattern: /''''/, wrong: "select 'it''s'", right: "select 'it' || chr(39) || 's', ''" },
  { trap: 'literals side by side', pattern: /''\s+''/, wrong: "select 'a' 'b'", right: "select 'a' || 'b'" },
  {
    trap: 'typed literals',
    pattern: /\b\d+(?:[lsydf]|bd)\b|\bx''/i,
    wrong: ["select x'41'", 'select 1L', 'select 1d'],
    right: 'select cast(1 as bigint)',
  },
  {
    trap: 'decimal literals',
    pattern: /(?<![\w.])\d+\.\d+(?!\d*e)|(?<![\w.)])\.\d+(?!\d*e)/i,
    wrong: ['select 1.5 * a', 'select .5 * a'],
    right: 'select 1.5e0 * a',
  },
  {
    trap: 'qualify',
    pattern: word('qualify'),
    wrong: 'select a from t qualify row_number() over (order by raw_key) = 1',
    right: 'select a from (select a, row_number() over (order by raw_key) as n from t) s where n = 1',
  },
  { trap: 'the double colon', pattern: /::/, wrong: 'select a::int', right: 'select try_cast(a as double)' },
  {
    trap: 'recursion',
    pattern: word('recursive'),
    wrong: 'with recursive t as (select 1) select * from t',
    right: 'select explode(sequence(0, 3)) as n',
  },
  {
    trap: 'left semi and left anti',
    pattern: /left\s+(?:semi|anti)/i,
    wrong: 'select a from t left anti join u using (a)',
    right: 'select a from t anti join u using (a)',
  },
  {
    trap: 'exclude and replace lists',
    pattern: /\*\s*(?:exclude|replace|except)\b/i,
    wrong: 'select * exclude (a) from t',
    right: 'select b from t',
  },
  {
    trap: 'names of types one engine has',
    pattern: word('varchar|text\\[\\]|int8|hugeint|real|float'),
    wrong: 'select cast(a as varchar)',
    right: 'select cast(a as string)',
  },
  {
    trap: 'the clock',
    pattern: /\b(?:current_timestamp|current_date|localtimestamp)\b|\bnow\(/i,
    wrong: 'select now()',
    right: 'select now_ms from batch',
  },
];
