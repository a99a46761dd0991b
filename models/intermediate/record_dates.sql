-- the days a record can say anything of, whether it stands or not, and the instants of those that displace by overlapping: what of the past
-- a batch has to read is found by these
with days as (select raw_key, pointer, local_date from record_days where local_date is not null),
samples_in as (select raw_key, pointer, local_date from sample_checks where local_date is not null),
spans as (select raw_key, pointer, start_s, end_s from record_spans where start_s is not null and end_s >= start_s),
segments as (
  select raw_key, pointer, start_s, end_s from stg_apple__sleep_segments where start_s is not null and end_s >= start_s
),
-- a height holds from its day on, until another is known
heights as (select distinct raw_key, pointer, local_date from measures where metric = 'height_m' and rule is null),
versions as (select raw_key, pointer, covered_date from record_versions where covered_date like '____-__-__'),
placed as (
  select raw_key, pointer, local_date as from_date, local_date as to_date from days
  union all
  select raw_key, pointer, local_date as from_date, local_date as to_date from samples_in
  union all
  select raw_key, pointer, local_date as from_date, date '9999-12-31' as to_date from heights
  union all
  select raw_key, pointer, try_cast(covered_date as date) as from_date, try_cast(covered_date as date) as to_date from versions
),
exact as (
  select raw_key, pointer, min(from_date) as from_date, max(to_date) as to_date
  from placed
  where from_date is not null
  group by raw_key, pointer
),
-- no zone is more than a day from UTC
timed as (
  select raw_key, pointer, start_s, end_s, 1 as displaces from spans
  union all
  select raw_key, pointer, start_s, end_s, 0 as displaces from segments
),
bounded as (
  select
    raw_key, pointer, displaces, start_s, end_s,
    case when start_s between -2208988800 and 7258118400 then date_add(cast(timestamp_seconds(start_s) as date), -1) end as from_date,
    case when end_s between -2208988800 and 7258118400 then date_add(cast(timestamp_seconds(end_s) as date), 1) end as to_date
  from timed
),
final as (
  select
    coalesce(e.raw_key, b.raw_key) as raw_key,
    coalesce(e.pointer, b.pointer) as pointer,
    coalesce(e.from_date, b.from_date) as from_date,
    coalesce(e.to_date, b.to_date) as to_date,
    case when b.displaces = 1 then b.start_s end as start_s,
    case when b.displaces = 1 then b.end_s end as end_s
  from exact e
  full join bounded b on b.raw_key = e.raw_key and b.pointer = e.pointer
)
select * from final
