/** A line of the measured differences of both engines: what it says not to write, and the rule that must find it. */
export interface Noted {
  readonly area: string;
  readonly trap: string;
  readonly text: string;
}

const noted = (area: string, byTrap: Readonly<Record<string, readonly string[]>>): readonly Noted[] =>
  Object.entries(byTrap).flatMap(([trap, texts]) => texts.map((text) => ({ area, trap, text: `select ${text}` })));

/** What a text shows. These are beside the rules, so that a rule that is taken out is missed. */
export const NOTED: readonly Noted[] = [
  ...noted('file', { 'several statements': ['1; select 2'] }),
  ...noted('identifiers', { 'quoted identifiers': ['"x"', '`x`'] }),
  ...noted('literals', {
    'a doubled quote': ["'it''s'"],
    'decimal literals': ['1.5 * a'],
    'typed literals': ['1L', "x'41'"],
    'literals side by side': ["'a' 'b'"],
  }),
  ...noted('filter on a window', { qualify: ['a from t qualify n = 1'] }),
  ...noted('dedupe', {
    'order-dependent aggregates': ['max_by(a, b)', 'any_value(a)', 'first(a)'],
    'a row number in an order of equals': ['row_number() over (partition by a order by received_at desc)'],
  }),
  ...noted('explode', {
    'lateral view': ['a from t lateral view explode(b)'],
    'other generators': ['explode_outer(a)', 'posexplode(a)'],
    'two generators in one select': ['explode(a) as x, c, explode(b) as y from t'],
  }),
  ...noted('nested array', { 'lists in lists by one path': ["get_json_object(j, '$.a[*].b')"] }),
  ...noted('map with varying keys', {
    'maps from JSON, and lists of anything but text': ["from_json(a, 'map<string,int>')"],
  }),
  ...noted('JSON path', {
    'quoted JSON keys': [`get_json_object(j, '$."a b"')`],
    'a doubled quote': ["get_json_object(j, '$[''a b'']')"],
    'bracketed JSON keys and counts from the end': ["get_json_object(j, '$.a[-1]')"],
  }),
  ...noted('JSON number', {
    'JSON numbers compared as text': ["get_json_object(j, '$.a') = '1'", "get_json_object(j, '$.a') < '2'"],
  }),
  ...noted('JSON integer', { 'a text read as an integer': ["try_cast(get_json_object(j, '$.a') as bigint)"] }),
  ...noted('big id', { 'an id as a number': ["try_cast(get_json_object(j, '$.grpId') as double)"] }),
  ...noted('number types', { decimals: ['cast(1e12 as decimal(18,6))'] }),
  ...noted('floor and ceil', { 'an uncast floor or ceiling': ['floor(a)', 'ceil(a)'] }),
  ...noted('rounding', { 'rounding to digits': ['round(x, 2)', 'bround(x)'] }),
  ...noted('sum of ints', { 'an uncast sum, or one of doubles': ['sum(x)'] }),
  ...noted('division', { 'a division by what may be 0': ['x / 0', 'a / b'] }),
  ...noted('integer division', { 'integer division': ['a div b', 'a // b'] }),
  ...noted('int overflow', { 'products of integers no int holds': ['1000000*1000000'] }),
  ...noted('10^n', { 'powers of ten of either sign': ['v * power(10, n)'] }),
  ...noted('last digits', {
    'functions whose last digit differs': ['exp(a)', 'cbrt(a)', 'corr(a, b)', 'regr_r2(a, b)'],
  }),
  ...noted('ln and sqrt', {
    'logarithms of what may be 0': ['ln(a)', 'log(a)'],
    'roots of what may be below 0': ['sqrt(a)'],
  }),
  ...noted('estimators', { 'estimators that differ': ['skewness(a)', 'kurtosis(a)'] }),
  ...noted('regression', { 'lines through fewer than two points': ['regr_slope(y, x)'] }),
  ...noted('percentile', { 'approximate percentiles': ['percentile_approx(a, 1)', 'approx_percentile(a, 1)'] }),
  ...noted('conditional', { 'case when null': ['case when null then 1 end'] }),
  ...noted('NULL-safe equal', { 'the null-safe operator': ['a <=> b'] }),
  ...noted('cast text', { 'a cast of text that may fail': ["cast('x' as double)"] }),
  ...noted('odd numeric text', {
    'a text read as an integer': ["try_cast('0x10' as bigint)", "try_cast('1_000' as bigint)"],
    'a literal read as a number': ["try_cast('1d' as double)", "try_cast('1f' as double)"],
  }),
  ...noted('date from text', { 'a date from a text of any form': ['try_cast(s as date)'] }),
  ...noted('timestamp from text', { 'a timestamp by a cast of text': ['try_cast(s as timestamp)'] }),
  ...noted('epoch', {
    'epoch functions that differ': ['to_timestamp(n)', 'from_unixtime(n)', 'unix_timestamp(t)'],
    extract: ['extract(epoch from t)'],
  }),
  ...noted('local day', { 'an offset in place of a zone': ["from_utc_timestamp(t, '+05:30')"] }),
  ...noted('local to UTC', { 'an instant as one engine finds it': ["timezone('Europe/Paris', t)"] }),
  ...noted('date arithmetic', {
    intervals: ['d + interval n day', "d + interval '1' day", 'd + interval 1 day'],
    'a date less a date': ["d - date '2026-01-01'"],
    'days added that are no int': ['date_add(d, n)'],
    'date functions that differ': ['date_diff(a, b)', 'months_between(a, b)', 'next_day(d, a)', 'timestampdiff(a, b)'],
  }),
  ...noted('date parts', { extract: ['extract(dow from d)', 'extract(second from t)', "date_part('dow', d)"] }),
  ...noted('truncation', { 'truncation by trunc': ["trunc(d, 'MM')"] }),
  ...noted('day series', {
    'lists of dates': ['explode(sequence(d0, d1))', "sequence(date '2026-01-01', d)"],
    recursion: ['a from (with recursive t as (select 1 as a) select a from t) s'],
  }),
  ...noted('time window frame', {
    intervals: ["max(a) over (order by d range between interval '6' day preceding and current row) from t"],
  }),
  ...noted('last known value', { 'ignore nulls': ['lag(a) ignore nulls over (order by b)'] }),
  ...noted('string join', {
    'concat of what may be null': ['concat(a, b)'],
    'a list joined as if it were a text': ["concat_ws(',', collect_list(x))"],
  }),
  ...noted('list to text', {
    'lists made text': ['string_agg(a)', 'listagg(a)', 'collect_set(a)'],
    'lists in no order': ["array_join(collect_list(a), ',')"],
  }),
  ...noted('like', { 'an escaped pattern': [String.raw`a like 'a\_c'`] }),
  ...noted('regex', {
    'an extract that names no group': ["regexp_extract(a, '(b)')"],
    'a reference in a replacement': ["regexp_replace(a, '(b)', '$1')"],
    'regular expressions that differ': ["a rlike 'b'", "regexp_count(a, 'b')", "regexp_substr(a, 'b')"],
  }),
  ...noted('text functions', {
    'characters counted from 0': ['substring(s, 0, 2)'],
    'characters counted below 0': ['left(s, -1)'],
    'text functions that differ': ['locate(a, b)', 'btrim(a)', 'initcap(a)', 'octet_length(a)', 'format_string(a)'],
    'upper, which one engine spells ß with': ['upper(a)'],
  }),
  ...noted('hash', { 'hashes that differ': ['xxhash64(a)', 'crc32(a)', 'hash(a)'] }),
  ...noted('arrays, structs', {
    'made arrays, maps and structs': ['array(1, 2)', 'map(1, 2)', 'named_struct(a, 1)'],
    lambdas: ['transform(a, x -> x)'],
    brackets: ['a[1]'],
  }),
  ...noted('joins', { 'left semi and left anti': ['a from t left semi join u', 'a from t left anti join u'] }),
  ...noted('distinct pairs', { 'distinct pairs in a count': ['count(distinct a, b)'] }),
  ...noted('bool aggregates', { 'some and any': ['some(a)', 'any(a)'] }),
  ...noted('now', { 'the clock': ['current_timestamp()', 'now()'] }),
  ...noted('JSON corners', {
    'a hash of JSON text': ["sha2(get_json_object(j, '$.a'), 256)"],
    'JSON texts compared whole': ['a from t join u on t.record = u.record'],
  }),
];

/** What only the type of a column shows: over `t` as `typed.ts` describes it. */
export const NOTED_TYPES: readonly Noted[] = [
  ...noted('JSON number', {
    'a text taken for a number or a day without try_cast': ["get_json_object(s, '$.a') = 1 from t"],
  }),
  ...noted('JSON integer', { 'a text taken for an integer': ['try_cast(s as bigint) from t'] }),
  ...noted('number types', { 'a decimal': ['cast(n as decimal(10, 2)) from t'] }),
  ...noted('double to int', { 'a fraction cut to an integer': ['cast(x as bigint) from t'] }),
  ...noted('sum of doubles', { 'a sum of fractions': ['cast(sum(x) as double) from t'] }),
  ...noted('int overflow', { 'a product of ints': ['n * n from t'] }),
  ...noted('cast text', { 'a text taken for a number or a day without try_cast': ['cast(s as bigint) from t'] }),
  ...noted('cast double to text', { 'a fraction as text': ['cast(x as string) from t', 's || x from t'] }),
  ...noted('epoch', {
    'a number taken for an instant': ['cast(n as timestamp) from t', 'cast(big as timestamp) from t'],
  }),
  ...noted('date arithmetic', {
    'a day less a day': ['d - e from t'],
    'a day and a length of time': ['d + interval (n) day from t'],
  }),
  ...noted('day series', { 'what does not bind': ['explode(sequence(e, d)) from t'] }),
];
