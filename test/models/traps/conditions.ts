import type { Trap } from './trap.ts';

/** Conditions and casts of text. */
export const CONDITIONS: readonly Trap[] = [
  {
    trap: 'case when null',
    pattern: /case\s+when\s+null\b/i,
    wrong: 'select case when null then 1 end',
    right: 'select case when a is null then 1 end',
  },
  { trap: 'the null-safe operator', pattern: /<=>/, wrong: 'select a <=> b', right: 'select a is not distinct from b' },
  {
    trap: 'a cast of text that may fail',
    pattern: /(?<!try_)\bcast\(\s*(?:''|(?:get_json_object|regexp_extract|substring|split_part|trim|replace)\()/i,
    wrong: 'select cast(substring(a, 1, 4) as double)',
    right: 'select try_cast(substring(a, 1, 4) as double)',
  },
];
