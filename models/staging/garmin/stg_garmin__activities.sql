with records_in as (select * from records_current where type = 'garmin.activities' and entity = 'activity'),
numbers as (
  select
    *,
    try_cast(get_json_object(record, '$.startTimeInSeconds') as double) as start_n,
    try_cast(get_json_object(record, '$.durationInSeconds') as double) as duration_n,
    try_cast(get_json_object(record, '$.startTimeOffsetInSeconds') as double) as offset_n
  from records_in
),
timed as (
  select
    *,
    cast(floor(case when abs(start_n) < 1e15 then start_n when start_n is not null then 1e15 end) as bigint) as start_s,
    cast(floor(case when abs(duration_n) < 1e15 then duration_n when duration_n is not null then 1e15 end) as bigint) as duration_s
  from numbers
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, '' as name, pointer, key, record,
    'watch' as source_type,
    get_json_object(record, '$.deviceName') as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    coalesce(get_json_object(record, '$.activityId'), get_json_object(record, '$.summaryId')) as provider_record_id,
    start_s,
    start_s + coalesce(duration_s, 0) as end_s,
    start_s as day_s,
    cast(floor(case when abs(offset_n) <= 64800e0 then offset_n end) as bigint) as offset_s,
    cast(null as string) as date_text,
    cast(null as bigint) as modified_ms,
    received_ms,
    get_json_object(record, '$.activityType') as sport_raw,
    -- by the specification the activity's active energy includes the basal part, unlike that of the day
    true as energy_includes_basal
  from timed
)
select * from final
