import { castTo, type Trap } from './trap.ts';

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
    wrong: ['select cast(substring(a, 1, 4) as double)', "select cast('x' as double)"],
    right: 'select try_cast(substring(a, 1, 4) as double)',
  },
  {
    trap: 'a text read as an integer',
    pattern: castTo('try_cast', 'bigint|int|integer|smallint|tinyint|long'),
    wrong: [
      'select try_cast(a as bigint)',
      "select try_cast(coalesce(a, '0') as int)",
      "select try_cast('0x10' as bigint), try_cast('1_000' as bigint)",
    ],
    right: 'select cast(floor(try_cast(a as double)) as bigint)',
  },
  {
    trap: 'a literal read as a number',
    pattern: castTo('try_cast', 'double', (argument) => argument === "''"),
    wrong: "select try_cast('1d' as double), try_cast('1f' as double)",
    right: "select try_cast(case when regexp_like(a, '^[0-9]+$') then a end as double), 1e0",
  },
  {
    trap: 'an id as a number',
    pattern: castTo('try_cast|cast', 'double|bigint', (argument) => /(?:_id|[a-z]I[dD])\b(?:'\))?$/.test(argument)),
    inLiterals: true,
    wrong: ['select try_cast(record_id as double)', "select try_cast(get_json_object(a, '$.summaryId') as double)"],
    right: "select get_json_object(a, '$.summaryId')",
  },
];
