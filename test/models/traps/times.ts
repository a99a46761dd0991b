import { call, type Trap, word } from './trap.ts';

/** Days, instants, zones. */
export const TIMES: readonly Trap[] = [
  {
    trap: 'a date from a text of any form',
    pattern: /\btry_cast\(\s*(?:''|(?:\w+\.)?text)\s+as\s+date\)/i,
    wrong: 'select try_cast(text as date)',
    right: "select try_cast(case when text like '____-__-__%' then substring(text, 1, 10) end as date)",
  },
  {
    trap: 'a timestamp by a cast of text',
    pattern: /\btry_cast\([^()]*\bas\s+timestamp\)/i,
    wrong: 'select try_cast(a as timestamp)',
    right: 'select timestamp_seconds(start_s)',
  },
  {
    trap: 'epoch functions that differ',
    pattern: call('from_unixtime|unix_timestamp|to_timestamp|epoch|to_unixtime'),
    wrong: 'select from_unixtime(a)',
    right: 'select timestamp_millis(received_ms), unix_seconds(t)',
  },
  {
    trap: 'an offset in place of a zone',
    pattern: /utc_timestamp\([^']*'(?:[+-]|GMT|UTC[+-])/i,
    inLiterals: true,
    wrong: "select from_utc_timestamp(t, '+05:30')",
    right: "select from_utc_timestamp(t, 'Asia/Kolkata')",
  },
  {
    trap: 'extract',
    pattern: call('extract|date_part|datepart'),
    wrong: 'select extract(dow from a)',
    right: 'select dayofweek(a)',
  },
  {
    trap: 'truncation by trunc',
    pattern: call('trunc'),
    wrong: "select trunc(a, 'MM')",
    right: "select cast(date_trunc('month', a) as date)",
  },
  {
    trap: 'an uncast date_trunc',
    pattern: /(?<!cast\()\bdate_trunc\(/i,
    wrong: "select date_trunc('week', a)",
    right: "select cast(date_trunc('week', a) as date)",
  },
  {
    trap: 'intervals',
    pattern: /\binterval\s+(?:''|\d)/i,
    wrong: "select a + interval '6' day",
    right: 'select date_add(a, 1), count(*) over (order by unix_date(a) range between 6 preceding and current row)',
  },
  {
    trap: 'days added that are no int',
    pattern: /\bdate_(?:add|sub)\(\s*(?:[^(),]|\([^()]*\))*,(?!\s*(?:cast\(|-?\d+\s*\)))/i,
    wrong: 'select date_add(a, n)',
    right: 'select date_add(a, cast(n as int)), date_sub(a, 3)',
  },
  {
    trap: 'a date less a date',
    pattern: /-\s*date\s+''/i,
    wrong: "select a - date '1970-01-01'",
    right: "select datediff(a, date '1970-01-01')",
  },
  {
    trap: 'date functions that differ',
    pattern: word('date_diff|months_between|next_day|timestampdiff'),
    wrong: 'select date_diff(a, b)',
    right: 'select datediff(a, b)',
  },
];
