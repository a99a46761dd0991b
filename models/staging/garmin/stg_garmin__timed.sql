-- the times of what begins at a second and lasts, whatever its fields are called
with records_in as (
  select * from records_current where provider = 'garmin' and entity in ('daily', 'epoch', 'nap', 'activity')
),
numbers as (
  select
    *,
    try_cast(get_json_object(record, case entity when 'nap' then '$.napStartTimeInSeconds' else '$.startTimeInSeconds' end) as double) as start_n,
    try_cast(get_json_object(record, case entity when 'nap' then '$.napDurationInSeconds' else '$.durationInSeconds' end) as double) as duration_n,
    try_cast(get_json_object(record, case entity when 'nap' then '$.napOffsetInSeconds' else '$.startTimeOffsetInSeconds' end) as double) as offset_n
  from records_in
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, pointer, key, record, received_ms,
    cast(floor(case when abs(start_n) < 1e15 then start_n when start_n is not null then 1e15 end) as bigint) as start_s,
    cast(floor(case when abs(duration_n) < 1e15 then duration_n when duration_n is not null then 1e15 end) as bigint) as duration_s,
    cast(floor(case when abs(offset_n) <= 64800e0 then offset_n end) as bigint) as offset_s
  from numbers
)
select * from final
