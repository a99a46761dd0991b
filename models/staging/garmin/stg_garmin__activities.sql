with timed as (select * from stg_garmin__timed where entity = 'activity'),
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
    offset_s,
    cast(null as string) as date_text,
    cast(null as bigint) as modified_ms,
    received_ms,
    get_json_object(record, '$.activityType') as sport_raw,
    -- by the specification the activity's active energy includes the basal part, unlike that of the day
    true as energy_includes_basal
  from timed
)
select * from final
