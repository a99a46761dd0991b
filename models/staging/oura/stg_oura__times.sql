-- every time text once: ISO 8601 with an offset, or in UTC (which says nothing of where the person was)
with records_in as (select record, carried from stg_oura__records),
texts as (
  select get_json_object(record, '$.bedtime_start') as text from records_in
  union
  select get_json_object(record, '$.bedtime_end') as text from records_in
  union
  select get_json_object(record, '$.start_datetime') as text from records_in
  union
  select get_json_object(record, '$.end_datetime') as text from records_in
  union
  select get_json_object(record, '$.timestamp') as text from records_in
  union
  select get_json_object(carried, '$.timestamp') as text from records_in
),
parts as (
  select
    text,
    try_cast(substring(text, 1, 10) as date) as day,
    try_cast(substring(text, 12, 2) as double) as hour_n,
    try_cast(substring(text, 15, 2) as double) as minute_n,
    try_cast(substring(text, 18, 2) as double) as second_n,
    case when regexp_extract(text, '([+-])[0-9]{2}:[0-9]{2}$', 1) = '-' then -1e0 else 1e0 end as side,
    try_cast(nullif(regexp_extract(text, '[+-]([0-9]{2}):[0-9]{2}$', 1), '') as double) as offset_hours,
    try_cast(nullif(regexp_extract(text, '[+-][0-9]{2}:([0-9]{2})$', 1), '') as double) as offset_minutes
  from texts
  where regexp_like(
    text,
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?(Z|[+-](0[0-9]|1[0-8]):[0-5][0-9])$'
  )
),
offsets as (select *, side * (offset_hours * 3600e0 + offset_minutes * 60e0) as offset_n from parts),
final as (
  select
    text,
    cast(floor(unix_date(day) * 86400e0 + hour_n * 3600e0 + minute_n * 60e0 + second_n - coalesce(offset_n, 0e0)) as bigint) as at_s,
    cast(floor(offset_n) as bigint) as offset_s
  from offsets
)
select * from final
