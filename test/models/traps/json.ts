import type { Trap } from './trap.ts';

/** What is read from JSON. */
export const JSON_TEXTS: readonly Trap[] = [
  {
    trap: 'maps from JSON',
    pattern: /'map</i,
    inLiterals: true,
    wrong: "select from_json(a, 'map<string,string>')",
    right: "select get_json_object(a, '$.' || k) from (select a, explode(json_object_keys(a)) as k from t) s",
  },
  {
    trap: 'bracketed JSON keys and counts from the end',
    pattern: /'\$[^']*\[(?![\d*]|'|$)/,
    inLiterals: true,
    wrong: "select get_json_object(a, '$.b[-1]')",
    right: "select get_json_object(a, '$.b[0]')",
  },
  {
    trap: 'lists in lists by one path',
    pattern: /'\$[^']*\[\*\]/,
    inLiterals: true,
    wrong: "select get_json_object(a, '$.b[*].c')",
    right: "select explode(from_json(get_json_object(a, '$.b'), 'array<string>')) as c from t",
  },
  {
    trap: 'quoted JSON keys',
    pattern: /'\$[^']*"/,
    inLiterals: true,
    wrong: `select get_json_object(a, '$."b c"')`,
    right: "select get_json_object(a, '$.b_c')",
  },
  {
    trap: 'JSON numbers without double',
    pattern: /cast\(\s*get_json_object\([^)]*\)\s+as\s+(?!double)/i,
    wrong: "select try_cast(get_json_object(a, '$.b') as bigint)",
    right: "select cast(floor(try_cast(get_json_object(a, '$.b') as double)) as bigint)",
  },
];
