-- naps stand inside the summary of a night, with a day of their own; a nap listed twice is one
with records_in as (select * from records_current where type = 'garmin.sleeps' and entity = 'nap'),
numbers as (
  select
    *,
    try_cast(get_json_object(record, '$.napStartTimeInSeconds') as double) as start_n,
    try_cast(get_json_object(record, '$.napDurationInSeconds') as double) as duration_n,
    try_cast(get_json_object(record, '$.napOffsetInSeconds') as double) as offset_n
  from records_in
),
timed as (
  select
    *,
    cast(floor(case when abs(start_n) < 1e15 then start_n when start_n is not null then 1e15 end) as bigint) as start_s,
    cast(floor(case when abs(duration_n) < 1e15 then duration_n when duration_n is not null then 1e15 end) as bigint) as duration_s,
    row_number() over (
      partition by user_id, account, key
      order by received_ms desc, raw_key desc, length(pointer) desc, pointer desc
    ) as newest
  from numbers
  where coalesce(get_json_object(record, '$.napValidation'), '') <> 'OFF_WRIST'
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, '' as name, pointer, key, record,
    'watch' as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    cast(null as string) as provider_record_id,
    start_s,
    start_s + duration_s as end_s,
    start_s + duration_s as day_s,
    cast(floor(case when abs(offset_n) <= 64800e0 then offset_n end) as bigint) as offset_s,
    cast(null as string) as date_text,
    cast(null as bigint) as modified_ms,
    received_ms
  from timed
  where newest = 1
)
select * from final
