import { call, called, type Trap, word } from './trap.ts';

/** Functions over text, patterns, hashes. */
export const TEXTS: readonly Trap[] = [
  {
    trap: 'concat of what may be null',
    pattern: call('concat'),
    wrong: 'select concat(a, b)',
    right: "select a || b, concat_ws('|', a, b)",
  },
  {
    trap: 'an escaped pattern',
    pattern: /like\s+'[^']*\\/i,
    inLiterals: true,
    wrong: "select a like 'b\\_c'",
    right: "select a like 'b!_c' escape '!'",
  },
  {
    trap: 'regular expressions that differ',
    pattern: word('regexp_count|regexp_substr|rlike'),
    wrong: "select a rlike 'b'",
    right: "select regexp_like(a, 'b')",
  },
  {
    trap: 'an extract that names no group',
    pattern: called('regexp_extract', ({ args }) => args.length !== 3),
    wrong: ["select regexp_extract(a, '(b)')", "select regexp_extract(lower(a), '(b)' || c)"],
    right: "select regexp_extract(a, '(b)', 1)",
  },
  {
    trap: 'a reference in a replacement',
    pattern: /regexp_replace\([^;]*'[^']*\$\d[^']*'\s*\)/i,
    inLiterals: true,
    wrong: "select regexp_replace(a, '(b)', '$1')",
    right: "select regexp_replace(a, '(b)', 'c')",
  },
  {
    trap: 'characters counted from 0',
    pattern: called('substring|substr', ({ args }) => args[1] === '0'),
    wrong: ['select substring(a, 0, 2)', 'select substring(lower(a), 0)'],
    right: 'select substring(a, 1, 2)',
  },
  {
    trap: 'characters counted below 0',
    pattern: called('left|right', ({ args }) => args[1]?.startsWith('-') === true),
    wrong: ['select left(a, -1)', 'select right(lower(a), -1)'],
    right: 'select left(a, 1)',
  },
  {
    trap: 'text functions that differ',
    pattern: call('locate|btrim|initcap|octet_length|format_string|printf'),
    wrong: "select locate('b', a)",
    right: "select instr(a, 'b')",
  },
  {
    trap: 'trimming characters',
    pattern: /\b[lr]?trim\([^()]*,/i,
    wrong: "select rtrim(a, '0')",
    right: 'select rtrim(a)',
  },
  {
    trap: 'upper, which one engine spells ß with',
    pattern: /\b(?:upper|ucase)\((?!regexp_replace\()/i,
    wrong: 'select upper(a)',
    right: 'select lower(a)',
  },
  {
    trap: 'characters by number above 127',
    pattern: /\bchr\((?!\d{1,2}\)|1[01]\d\)|12[0-7]\))/i,
    wrong: 'select chr(8239)',
    right: 'select chr(39)',
  },
  {
    trap: 'hashes that differ',
    pattern: call('xxhash64|crc32|hash|md5_number'),
    wrong: 'select xxhash64(a)',
    right: "select sha2(concat_ws('|', a, b), 256)",
  },
];
