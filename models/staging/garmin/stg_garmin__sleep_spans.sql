-- of every version: which of them stands is decided by these times
with records_in as (select * from record_versions where type = 'garmin.sleeps' and entity = 'sleep'),
levels as (
  select raw_key, pointer, record, explode(json_object_keys(get_json_object(record, '$.sleepLevelsMap'))) as level
  from records_in
),
stretches as (
  select
    raw_key,
    pointer,
    explode(from_json(get_json_object(record, '$.sleepLevelsMap.' || level), 'array<string>')) as stretch
  from levels
),
ends as (
  select raw_key, pointer, max(try_cast(get_json_object(stretch, '$.endTimeInSeconds') as double)) as end_n
  from stretches
  group by raw_key, pointer
),
timed as (
  select
    raw_key,
    pointer,
    try_cast(get_json_object(record, '$.startTimeInSeconds') as double) as start_n,
    -- the duration is time asleep: awake and unmeasurable come on top (the latter under either of its two names)
    try_cast(get_json_object(record, '$.durationInSeconds') as double)
    + coalesce(try_cast(get_json_object(record, '$.awakeDurationInSeconds') as double), 0e0)
    + coalesce(
      try_cast(get_json_object(record, '$.unmeasurableSleepInSeconds') as double),
      try_cast(get_json_object(record, '$.unmeasurableSleepDurationInSeconds') as double),
      0e0
    ) as length_n
  from records_in
),
spans as (
  select t.raw_key, t.pointer, t.start_n, coalesce(e.end_n, t.start_n + t.length_n) as end_n
  from timed t
  left join ends e on e.raw_key = t.raw_key and e.pointer = t.pointer
),
final as (
  select
    raw_key,
    pointer,
    cast(floor(case when abs(start_n) < 1e15 then start_n when start_n is not null then 1e15 end) as bigint) as start_s,
    cast(floor(case when abs(end_n) < 1e15 then end_n when end_n is not null then 1e15 end) as bigint) as end_s
  from spans
)
select * from final
