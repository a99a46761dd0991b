-- Makes the dialect of models/README.md mean in DuckDB what it means in Spark 3.5
-- (non-ANSI, timeZone=UTC, escapedStringLiterals=true).
set TimeZone = 'UTC';
set default_null_order = 'nulls_first_on_asc_last_on_desc';
set preserve_insertion_order = false;

-- JSON: invalid text and paths outside `$…` give null, never an error
create or replace macro get_json_object(j, p) as try(json_extract_string(j, case when p like '$%' then p end));
create or replace macro from_json(j, s) as case
  when s = 'array<string>' then case
    when try(json_type(cast(j as varchar))) = 'ARRAY'
    then cast(try(json_extract_string(cast(j as varchar), '$[*]')) as varchar[])
  end
  else error('from_json: only array<string> is portable')
end;
create or replace macro explode(l) as unnest(l);
create or replace macro json_array_length(j) as case
  when try(json_type(cast(j as varchar))) = 'ARRAY'
  then cast(try(system.main.json_array_length(cast(j as varchar))) as integer)
end;
create or replace macro json_object_keys(j) as case
  when try(json_type(cast(j as varchar))) = 'OBJECT' then try(json_keys(cast(j as varchar)))
end;

-- Time: epoch seconds are what is stored, a timestamp is always UTC
create or replace macro timestamp_seconds(n) as make_timestamp(cast(n * 1000000e0 as bigint));
create or replace macro timestamp_millis(n) as make_timestamp(cast(n as bigint) * 1000);
create or replace macro unix_seconds(t) as cast(floor(epoch(t)) as bigint);
create or replace macro unix_millis(t) as cast(floor(epoch_us(t) / 1000e0) as bigint);
create or replace macro unix_date(d) as cast(cast(d as date) - date '1970-01-01' as integer);
create or replace macro date_from_unix_date(n) as date '1970-01-01' + cast(n as integer);
create or replace macro to_date(s) as try_cast(s as date);
-- through a zoned timestamp: the plain cast ignores an offset in the text
create or replace macro to_timestamp(s) as try_cast(try_cast(s as timestamptz) as timestamp);
create or replace macro date_add(d, n) as cast(d as date) + cast(n as integer);
create or replace macro date_sub(d, n) as cast(d as date) - cast(n as integer);
create or replace macro add_months(d, n) as cast(cast(d as date) + to_months(cast(n as integer)) as date);
create or replace macro datediff(a, b) as cast(date_diff('day', cast(b as date), cast(a as date)) as integer);
create or replace macro dayofweek(d) as cast(date_part('dow', d) + 1 as integer);
create or replace macro weekday(d) as cast(date_part('isodow', d) - 1 as integer);
-- (`trunc` stays as it is: interval literals call it)
create or replace macro from_utc_timestamp(t, z) as timezone(z, timezone('UTC', t));
-- where the local hour happens twice the earlier instant is meant; Lord Howe repeats half an hour
create or replace macro to_utc_timestamp(t, z) as case
  when timezone(z, timezone(z, t) - interval 1 hour) = t then timezone('UTC', timezone(z, t) - interval 1 hour)
  when timezone(z, timezone(z, t) - interval 30 minute) = t then timezone('UTC', timezone(z, t) - interval 30 minute)
  else timezone('UTC', timezone(z, t))
end;

-- Numbers
create or replace macro try_divide(a, b) as cast(a as double) / nullif(cast(b as double), 0);
create or replace macro pmod(a, b) as ((a % b) + b) % b;
create or replace macro percentile(x, p) as quantile_cont(x, p);

-- Text
create or replace macro startswith(s, x) as starts_with(s, x);
create or replace macro endswith(s, x) as ends_with(s, x);
create or replace macro regexp_like(s, r) as regexp_matches(s, r);
create or replace macro regexp_extract(s, r, g) as system.main.regexp_extract(s, r, g);
create or replace macro regexp_replace(s, r, x) as system.main.regexp_replace(s, r, x, 'g');
create or replace macro sha2(s, n) as case when n = 256 then sha256(s) else error('sha2: only 256 is portable') end;
create or replace macro nvl(a, b) as coalesce(a, b);

-- Lists, only ever made by from_json, collect_list and sequence
create or replace macro collect_list(x) as list(x) filter (where x is not null);
create or replace macro array_join(l, d) as array_to_string(l, d);
create or replace macro sort_array(l) as list_sort(l, 'ASC', 'NULLS FIRST');
create or replace macro element_at(l, i) as list_extract(l, i);
create or replace macro size(l) as cast(coalesce(len(l), -1) as integer);
create or replace macro sequence(a, b) as case when a <= b then generate_series(a, b) else generate_series(a, b, -1) end;
