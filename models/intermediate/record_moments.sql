-- every day and instant a record names, whether it stands or not
with days as (select raw_key, pointer, local_date, start_s, end_s from record_days),
-- a sample stands at its value, which is the record itself or a field of it
samples_in as (
  select raw_key, pointer, local_date, at_s from sample_checks
  union all
  select raw_key, regexp_replace(pointer, '/[^/]*$', '') as pointer, local_date, at_s from sample_checks
),
spans as (select raw_key, pointer, start_s, end_s from record_spans where start_s is not null and end_s >= start_s),
segments as (
  select raw_key, pointer, start_s, end_s from stg_apple__sleep_segments where start_s is not null and end_s >= start_s
),
-- a row or nap another one hides says nothing today, and may tomorrow
rows_in as (
  select raw_key, pointer, name, try_cast(case when date_text like '____-__-__' then date_text end as date) as local_date, start_s
  from stg_apple__rows
),
naps as (select raw_key, pointer, start_s, start_s + coalesce(duration_s, 0) as end_s from stg_garmin__timed where entity = 'nap'),
-- a height holds from its day on, until another is known
tall as (select name from hae_metrics where metric = 'height_m'),
heights as (
  select distinct raw_key, pointer, local_date from measures where metric = 'height_m' and rule is null
  union
  select r.raw_key, r.pointer, r.local_date from rows_in r semi join tall t on t.name = r.name
),
versions as (
  select raw_key, pointer, try_cast(covered_date as date) as local_date from record_versions where covered_date like '____-__-__'
),
final as (
  select raw_key, pointer, local_date, local_date as last_date, start_s, end_s, 0 as displaces from days
  union all
  select raw_key, pointer, local_date, local_date as last_date, at_s as start_s, at_s as end_s, 0 as displaces from samples_in
  union all
  select raw_key, pointer, local_date, local_date as last_date, start_s, start_s as end_s, 0 as displaces from rows_in
  union all
  select
    raw_key, pointer, local_date, date '9999-12-31' as last_date, cast(null as bigint) as start_s, cast(null as bigint) as end_s,
    0 as displaces
  from heights
  union all
  select
    raw_key, pointer, local_date, local_date as last_date, cast(null as bigint) as start_s, cast(null as bigint) as end_s, 0 as displaces
  from versions
  union all
  select raw_key, pointer, cast(null as date) as local_date, cast(null as date) as last_date, start_s, end_s, 1 as displaces from spans
  union all
  select raw_key, pointer, cast(null as date) as local_date, cast(null as date) as last_date, start_s, end_s, 0 as displaces from segments
  union all
  select raw_key, pointer, cast(null as date) as local_date, cast(null as date) as last_date, start_s, end_s, 0 as displaces from naps
)
select * from final
