/** What one engine accepts and the other reads differently: a pattern over the text, and an example that falls into it. */
interface Trap {
  readonly trap: string;
  readonly pattern: RegExp;
  readonly example: string;
  /** Looked for in the whole text; otherwise comments and the insides of literals are blanked first. */
  readonly inLiterals?: true;
}

const word = (words: string): RegExp => new RegExp(`\\b(?:${words})\\b`, 'i');
const call = (names: string): RegExp => new RegExp(`\\b(?:${names})\\s*\\(`, 'i');

export const TRAPS: readonly Trap[] = [
  { trap: 'several statements', pattern: /;\s*\S/, example: 'select 1; select 2' },
  { trap: 'quoted identifiers', pattern: /["`]/, example: 'select "a" from t' },
  { trap: 'a doubled quote', pattern: /''(?=[^'\s,)])/, example: "select 'it''s'", inLiterals: true },
  { trap: 'typed literals', pattern: /\b\d+L\b|\bx'/i, example: 'select 1L', inLiterals: true },
  { trap: 'decimal literals', pattern: /(?<![\w.])\d+\.\d+(?!\d*e)/i, example: 'select 1.5 * a' },
  { trap: 'qualify', pattern: word('qualify'), example: 'select a from t qualify row_number() over (order by a) = 1' },
  { trap: 'the double colon', pattern: /::/, example: 'select a::int' },
  {
    trap: 'order-dependent aggregates',
    pattern: call('max_by|min_by|any_value|first|last|arg_max'),
    example: 'select any_value(a)',
  },
  { trap: 'lateral view', pattern: /lateral\s+view/i, example: 'select a from t lateral view explode(b)' },
  { trap: 'other generators', pattern: call('explode_outer|posexplode|unnest|inline'), example: 'select unnest(a)' },
  {
    trap: 'two generators in one select',
    pattern: /explode\([^;]*?\bas\s+\w+\s*,\s*explode\(/i,
    example: 'select explode(a) as x, explode(b) as y',
  },
  { trap: 'maps from JSON', pattern: /'map</i, example: "select from_json(a, 'map<string,string>')", inLiterals: true },
  {
    trap: 'bracketed JSON keys',
    pattern: /'\$[^']*\[(?!\d|'|$)/,
    example: "select get_json_object(a, '$[*]')",
    inLiterals: true,
  },
  {
    trap: 'JSON integers without double',
    pattern: /cast\(\s*get_json_object\([^)]*\)\s+as\s+(?!double)/i,
    example: "select try_cast(get_json_object(a, '$.b') as bigint)",
  },
  { trap: 'decimals', pattern: word('decimal|numeric'), example: 'select cast(a as decimal(10, 2))' },
  { trap: 'rounding to digits', pattern: call('round|bround'), example: 'select round(a, 2)' },
  {
    trap: 'an uncast floor or ceiling',
    pattern: /(?<!cast\()\b(?:floor|ceil|ceiling)\((?!.*\* 1e0)/i,
    example: 'select floor(a)',
  },
  { trap: 'integer division', pattern: /\bdiv\b|\/\//i, example: 'select a div b' },
  { trap: 'logarithms of what may be 0', pattern: call('ln|log|log10|sqrt'), example: 'select ln(a)' },
  { trap: 'estimators that differ', pattern: call('skewness|kurtosis'), example: 'select skewness(a)' },
  {
    trap: 'approximate percentiles',
    pattern: call('percentile_approx|approx_percentile'),
    example: 'select percentile_approx(a, 1)',
  },
  { trap: 'the null-safe operator', pattern: /<=>/, example: 'select a <=> b' },
  {
    trap: 'an ambiguous cast of text',
    pattern: /\btry_cast\([^()]*\bas\s+timestamp\)/i,
    example: 'select try_cast(a as timestamp)',
  },
  {
    trap: 'epoch functions that differ',
    pattern: call('from_unixtime|unix_timestamp|to_timestamp|epoch|to_unixtime'),
    example: 'select from_unixtime(a)',
  },
  { trap: 'extract', pattern: call('extract|date_part|datepart'), example: 'select extract(dow from a)' },
  { trap: 'truncation by trunc', pattern: call('trunc'), example: "select trunc(a, 'MM')" },
  { trap: 'interval arithmetic', pattern: word('interval\\s+.?\\d+'), example: 'select a + interval 1 day' },
  {
    trap: 'date functions that differ',
    pattern: call('date_diff|months_between|next_day|timestampdiff'),
    example: 'select date_diff(a, b)',
  },
  { trap: 'recursion', pattern: /with\s+recursive/i, example: 'with recursive t as (select 1) select * from t' },
  { trap: 'ignore nulls', pattern: /ignore\s+nulls/i, example: 'select lag(a) ignore nulls over (order by b)' },
  { trap: 'concat of what may be null', pattern: call('concat'), example: 'select concat(a, b)' },
  {
    trap: 'text aggregates',
    pattern: call('string_agg|listagg|group_concat|collect_set'),
    example: 'select string_agg(a)',
  },
  { trap: 'an escaped pattern', pattern: /like\s+'[^']*\\/i, example: "select a like 'b\\_c'", inLiterals: true },
  {
    trap: 'regular expressions that differ',
    pattern: call('regexp_count|regexp_substr|rlike'),
    example: 'select regexp_count(a, b)',
  },
  {
    trap: 'a reference in a replacement',
    pattern: /regexp_replace\([^;]*'[^']*\$\d[^']*'\s*\)/i,
    example: "select regexp_replace(a, '(b)', '$1')",
    inLiterals: true,
  },
  {
    trap: 'text functions that differ',
    pattern: call('locate|btrim|initcap|octet_length|format_string|printf'),
    example: 'select locate(a, b)',
  },
  { trap: 'trimming characters', pattern: /\b[lr]?trim\([^()]*,/i, example: "select rtrim(a, '0')" },
  {
    trap: 'characters by number above 127',
    pattern: /\bchr\((?!\d{1,2}\)|1[01]\d\)|12[0-7]\))/i,
    example: 'select chr(8239)',
  },
  { trap: 'hashes that differ', pattern: call('xxhash64|crc32|hash|md5_number'), example: 'select xxhash64(a)' },
  {
    trap: 'made arrays, maps and structs',
    pattern: /\b(?:array|map|named_struct|struct|list_value|struct_pack)\s*\(|->/i,
    example: 'select array(1, 2)',
  },
  { trap: 'left semi and left anti', pattern: /left\s+(?:semi|anti)/i, example: 'select a from t left anti join u' },
  {
    trap: 'distinct pairs in a count',
    pattern: /count\(\s*distinct\s+[\w.]+\s*,/i,
    example: 'select count(distinct a, b)',
  },
  { trap: 'some and any', pattern: call('some|any'), example: 'select some(a)' },
  {
    trap: 'the clock',
    pattern: /\b(?:current_timestamp|current_date|localtimestamp)\b|\bnow\(/i,
    example: 'select now()',
  },
  {
    trap: 'varchar and other names of types',
    pattern: word('varchar|text\\[\\]|int8|hugeint|real|float'),
    example: 'select cast(a as varchar)',
  },
  {
    trap: 'exclude and replace lists',
    pattern: /\*\s*(?:exclude|replace|except)\b/i,
    example: 'select * exclude (a) from t',
  },
];

/** Comments gone, literals emptied. */
function bare(sql: string): string {
  return sql.replaceAll(/--.*$/gm, '').replaceAll(/'[^']*'/g, "''");
}

/** The traps a text falls into. */
export function trapsIn(sql: string): readonly string[] {
  const whole = sql.replaceAll(/--.*$/gm, '');
  return TRAPS.filter(({ pattern, inLiterals }) => pattern.test(inLiterals === true ? whole : bare(sql))).map(
    ({ trap }) => trap,
  );
}
