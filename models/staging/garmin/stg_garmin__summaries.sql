-- days and quarters of an hour; only a day names its date
with timed as (select * from stg_garmin__timed where entity in ('daily', 'epoch')),
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
    case entity when 'daily' then get_json_object(record, '$.calendarDate') end as date_text,
    cast(null as bigint) as modified_ms,
    received_ms
  from timed
)
select * from final
