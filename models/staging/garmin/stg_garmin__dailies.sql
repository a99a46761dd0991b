with records_in as (select * from records_current where type = 'garmin.dailies' and entity = 'daily'),
timed as (
  select
    *,
    cast(floor(try_cast(get_json_object(record, '$.startTimeInSeconds') as double)) as bigint) as start_s,
    cast(floor(try_cast(get_json_object(record, '$.durationInSeconds') as double)) as bigint) as duration_s,
    cast(floor(try_cast(get_json_object(record, '$.startTimeOffsetInSeconds') as double)) as bigint) as offset_s
  from records_in
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, '' as name, pointer, key, record,
    'watch' as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    get_json_object(record, '$.summaryId') as provider_record_id,
    start_s,
    start_s + coalesce(duration_s, 0) as end_s,
    start_s as day_s,
    offset_s,
    get_json_object(record, '$.calendarDate') as date_text,
    cast(null as bigint) as modified_ms,
    received_ms
  from timed
)
select * from final
