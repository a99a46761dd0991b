import { called, type Finder, plain, type Trap } from './trap.ts';

const JSON_TEXT = String.raw`\bget_json_object\((?:[^()]|\([^()]*\))*\)(?:\s*,\s*'[^']*'\s*\))?`;
/** A text compared with a number, or by which is greater. */
const COMPARED = new RegExp(
  String.raw`(?:\bcoalesce\(\s*)?${JSON_TEXT}\s*(?:(?:=|<>|!=|(?:not\s+)?in\s*\()\s*'?[-+.]?\d|<=|<(?!>)|>=?|(?:not\s+)?between\b)[^\s,)]*`,
  'gi',
);

const compared: Finder = (sql) => [...sql.matchAll(COMPARED)].map(([text]) => plain(text));

/** What is read from JSON. */
export const JSON_TEXTS: readonly Trap[] = [
  {
    trap: 'maps from JSON, and lists of anything but text',
    pattern: /'(?:map|struct)<|'array<(?!string>')/i,
    inLiterals: true,
    wrong: ["select from_json(a, 'map<string,string>')", "select from_json(a, 'array<int>')"],
    right: "select get_json_object(a, '$.' || k) from (select a, explode(json_object_keys(a)) as k from t) s",
  },
  {
    trap: 'bracketed JSON keys and counts from the end',
    pattern: /'\$[^']*\[(?![\d*]|'|$)/,
    inLiterals: true,
    wrong: ["select get_json_object(a, '$.b[-1]')", "select get_json_object(a, '$[b c]')"],
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
    pattern: /cast\(\s*get_json_object\([^)]*\)\s+as\s+(?!double|bigint|int\b)/i,
    wrong: "select try_cast(get_json_object(a, '$.b') as boolean)",
    right: "select cast(floor(try_cast(get_json_object(a, '$.b') as double)) as bigint)",
  },
  {
    trap: 'JSON numbers compared as text',
    pattern: compared,
    inLiterals: true,
    wrong: [
      "select get_json_object(a, '$.b') = '1'",
      "select coalesce(get_json_object(a, '$.b'), '') not in ('0', '1')",
      "select get_json_object(a, '$.b') > get_json_object(a, '$.c')",
      "select get_json_object(a, '$.b') <> 1",
    ],
    right: "select try_cast(get_json_object(a, '$.b') as double) = 1e0, get_json_object(a, '$.c') = 'x'",
  },
  {
    trap: 'JSON texts compared whole',
    pattern: /\b(?:record|carried|body)\s*(?:=|<>|<|>)|(?:=|<>|<|>)\s*(?:\w+\.)?(?:record|carried|body)\b/i,
    wrong: 'select 1 from t join u on t.record = u.record',
    right: "select 1 from t join u on get_json_object(t.record, '$.id') = get_json_object(u.record, '$.id')",
  },
  {
    trap: 'a hash of JSON text',
    pattern: called('md5|sha1|sha2', ({ text }) =>
      /\b(?:get_json_object|from_json|json_object_keys)\(|\b(?:record|carried|body)\b/i.test(text),
    ),
    wrong: ["select sha2(get_json_object(a, '$.b'), 256)", "select sha2(concat_ws('|', a, r.record), 256)"],
    right: "select sha2(concat_ws('|', a, b), 256)",
  },
];
