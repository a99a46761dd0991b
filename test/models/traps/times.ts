import { call, calls, castTo, type Trap, word } from './trap.ts';

/** Days, instants, zones. */
export const TIMES: readonly Trap[] = [
  {
    trap: 'a date from a text of any form',
    pattern: (sql) => [
      ...castTo('try_cast', 'date', (of) => !/^case when .+ like '____-__-__%?' then .+ end$/.test(of))(sql),
      ...calls(sql, 'to_date').map(({ text }) => text),
    ],
    inLiterals: true,
    wrong: [
      'select try_cast(s as date)',
      'select try_cast(substring(a, 1, 10) as date)',
      "select try_cast(case when a <> '' then a end as date)",
      'select to_date(a)',
    ],
    right: "select try_cast(case when text like '____-__-__%' then substring(text, 1, 10) end as date)",
  },
  {
    trap: 'a timestamp by a cast of text',
    pattern: castTo('try_cast', 'timestamp'),
    wrong: ['select try_cast(a as timestamp)', 'select try_cast(lower(a) as timestamp)'],
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
    trap: 'an instant as one engine finds it',
    pattern: /\btimezone\s*\(|\bat\s+time\s+zone\b/i,
    wrong: ["select timezone('Europe/Paris', t)", "select t at time zone 'Europe/Paris'"],
    right: "select to_utc_timestamp(t, 'Europe/Paris')",
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
    pattern: /\binterval\s+(?:''|\d|\(|\w+\s+(?:second|minute|hour|day|week|month|quarter|year)s?\b)/i,
    wrong: ["select a + interval '6' day", 'select d + interval n day', 'select d + interval (n) days'],
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
