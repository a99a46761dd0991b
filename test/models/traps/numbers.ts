import { call, called, type Trap, word } from './trap.ts';
import { divided } from './divisions.ts';

/** Numbers: types, rounding, sums, what is not defined everywhere. */
export const NUMBERS: readonly Trap[] = [
  {
    trap: 'decimals',
    pattern: word('decimal|numeric'),
    wrong: 'select cast(a as decimal(10, 2))',
    right: 'select try_cast(a as double)',
  },
  {
    trap: 'rounding to digits',
    pattern: call('round|bround'),
    wrong: 'select round(a, 2)',
    right: 'select cast(floor(a * 100 + 0.5e0) as double) / 100',
  },
  {
    trap: 'a number cut to an integer',
    pattern: /\bcast\([^()]*(?:\/|\de\d)[^()]*\bas\s+(?:bigint|int)\)/i,
    wrong: 'select cast(a * 1e3 as bigint)',
    right: 'select cast(floor(a * 1e3 + 0.5e0) as bigint)',
  },
  {
    trap: 'an uncast floor or ceiling',
    pattern: called(
      'floor|ceil|ceiling',
      ({ before, after }) =>
        !/^ *\* 1e0/.test(after) && !(before.endsWith('cast(') && /^[^()]*\bas (?:bigint|int|double)\)/i.test(after)),
    ),
    wrong: ['select floor(a)', 'select cast(floor(a) as string)', 'select ceil(a) + 1e0 * 1e0'],
    right: 'select cast(floor(a) as bigint), floor(b) * 1e0',
  },
  {
    trap: 'an uncast sum, or one of doubles',
    pattern: /(?<!cast\()\bsum\(|\bsum\((?:[^()]|\([^()]*\))*\)\s+as\s+double/i,
    wrong: 'select sum(a) from t',
    right: 'select cast(sum(cast(floor(a * 1000000e0 + 0.5e0) as bigint)) as bigint) / 1000000e0 from t',
  },
  {
    trap: 'averages, whose order of adding shows',
    pattern: call('avg|mean'),
    wrong: 'select avg(a) from t',
    right: 'select cast(sum(micro) as bigint) / 1000000e0 / nullif(count(*), 0) from t',
  },
  {
    trap: 'integer division',
    pattern: /\bdiv\b|\/\//i,
    wrong: 'select a div b',
    right: 'select cast(floor(a / nullif(b, 0)) as bigint)',
  },
  {
    trap: 'a division by what may be 0',
    pattern: divided,
    wrong: [
      'select a / 0, a / 0e0',
      'select a / b',
      'select a / (b - c)',
      'select case when b > 0 then 1 else a / b end',
      'select case when b >= 0 then a / b end',
      'select a / coalesce(b, 0)',
    ],
    right:
      'select a / nullif(b, 0), a / 60e0, try_divide(a, b), case when b > 0e0 then a / b end, case when n >= 2 then a / (n * 1e6) end',
  },
  {
    trap: 'products of integers no int holds',
    pattern: (sql) =>
      [...sql.matchAll(/(?<![\w.])(\d+)\s*\*\s*(\d+)(?![\w.])/g)]
        .filter(([, a, b]) => Number(a) * Number(b) > 2 ** 31 - 1)
        .map(([text]) => text),
    wrong: ['select 1000000 * 1000000', 'select 999999 * 9999'],
    right: 'select 100000e0 * 100000, 86400 * 365',
  },
  {
    trap: 'powers of ten of either sign',
    pattern: /\bpower\(\s*\d+\s*,|^(?![\s\S]*\/\s*power\()[\s\S]*\*\s*power\(/i,
    wrong: 'select v * power(10e0, n)',
    right: 'select case when n < 0 then v / power(10e0, -n) else v * power(10e0, n) end',
  },
  {
    trap: 'functions whose last digit differs',
    pattern: call('exp|cbrt|corr|regr_r2'),
    wrong: 'select exp(a)',
    right: 'select a * a',
  },
  {
    trap: 'lines through fewer than two points',
    pattern: /(?<!>= 2 then )\bregr_\w+\(/i,
    wrong: 'select regr_slope(y, x) from t',
    right: 'select case when count(distinct x) >= 2 then regr_slope(y, x) end from t',
  },
  {
    trap: 'logarithms of what may be 0',
    pattern: /\b(?:log|log2|log10)\(|(?<!> 0(?:e0)? then )\bln\(/i,
    wrong: 'select ln(a)',
    right: 'select case when a > 0e0 then ln(a) end',
  },
  {
    trap: 'roots of what may be below 0',
    pattern: /(?<!> 0(?:e0)? then )\bsqrt\(\s*(?!greatest\()/i,
    wrong: 'select sqrt(a)',
    right: 'select sqrt(greatest(a, 0e0)), case when a > 0 then sqrt(a) end',
  },
  {
    trap: 'estimators that differ',
    pattern: call('skewness|kurtosis'),
    wrong: 'select skewness(a) from t',
    right: 'select median(a) from t',
  },
  {
    trap: 'approximate percentiles',
    pattern: call('percentile_approx|approx_percentile'),
    wrong: 'select percentile_approx(a, 0.5e0) from t',
    right: 'select percentile(a, 0.5e0) from t',
  },
];
