-- of every version of a night or a stage: which of them stands is decided by these times
with versions as (
  select * from record_versions where type in ('withings.sleep-getsummary', 'withings.sleep-get') and entity in ('sleep', 'segment')
),
numbers as (
  select
    raw_key,
    pointer,
    try_cast(get_json_object(record, '$.startdate') as double) as start_n,
    try_cast(get_json_object(record, '$.enddate') as double) as end_n
  from versions
),
final as (
  select
    raw_key,
    pointer,
    cast(floor(case when abs(start_n) < 1e15 then start_n when start_n is not null then 1e15 end) as bigint) as start_s,
    cast(floor(case when abs(end_n) < 1e15 then end_n when end_n is not null then 1e15 end) as bigint) as end_s
  from numbers
)
select * from final
