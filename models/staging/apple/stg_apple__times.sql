-- every time text of Health Auto Export once: `2026-05-19 08:25:00 -0700`, or with a 12-hour clock, any blank and either case
with versions as (select * from record_versions where provider = 'apple'),
texts as (
  select get_json_object(record, '$.date') as text from versions
  union
  select get_json_object(record, '$.startDate') as text from versions
  union
  select get_json_object(record, '$.endDate') as text from versions
  union
  select get_json_object(record, '$.sleepStart') as text from versions
  union
  select get_json_object(record, '$.sleepEnd') as text from versions
  union
  select get_json_object(record, '$.inBedStart') as text from versions
  union
  select get_json_object(record, '$.inBedEnd') as text from versions
  union
  select get_json_object(record, '$.start') as text from versions
  union
  select get_json_object(record, '$.end') as text from versions
),
plain as (
  select text, upper(regexp_replace(text, '[^0-9A-Za-z:+-]+', ' ')) as clock
  from texts
  where text is not null
),
parts as (
  select
    text,
    case when clock like '____-__-__%' then substring(clock, 1, 10) end as date_text,
    try_cast(nullif(regexp_extract(clock, '^.{10}[ T]([0-9]{1,2}):', 1), '') as double) as hour_n,
    try_cast(nullif(regexp_extract(clock, '^.{10}[ T][0-9]{1,2}:([0-9]{2})', 1), '') as double) as minute_n,
    coalesce(try_cast(nullif(regexp_extract(clock, '^.{10}[ T][0-9]{1,2}:[0-9]{2}:([0-9]{2})', 1), '') as double), 0e0) as second_n,
    regexp_extract(clock, '([AP])[.]? ?M', 1) as half,
    regexp_extract(clock, '([+-])[0-9]{2}:?[0-9]{2}$', 1) as side,
    try_cast(nullif(regexp_extract(clock, '[+-]([0-9]{2}):?[0-9]{2}$', 1), '') as double) as offset_hours,
    try_cast(nullif(regexp_extract(clock, '[+-][0-9]{2}:?([0-9]{2})$', 1), '') as double) as offset_minutes
  from plain
),
clocked as (
  select
    *,
    try_cast(date_text as date) as day,
    case
      when half = 'P' and hour_n < 12e0 then hour_n + 12e0
      when half = 'A' and hour_n = 12e0 then 0e0
      else hour_n
    end as hour_of_day,
    -- a plain date ends in what looks like an offset
    case
      when hour_n is null or offset_hours is null then null
      when side = '-' then -(offset_hours * 3600e0 + offset_minutes * 60e0)
      else offset_hours * 3600e0 + offset_minutes * 60e0
    end as offset_n
  from parts
),
final as (
  select
    text,
    date_text,
    cast(floor(unix_date(day) * 86400e0 + hour_of_day * 3600e0 + minute_n * 60e0 + second_n) as bigint) as wall_s,
    cast(floor(unix_date(day) * 86400e0 + hour_of_day * 3600e0 + minute_n * 60e0 + second_n - coalesce(offset_n, 0e0)) as bigint) as start_s,
    cast(floor(offset_n) as bigint) as offset_s
  from clocked
)
select * from final
