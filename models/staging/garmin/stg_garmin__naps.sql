-- naps stand inside the summary of a night, with a day of their own; a nap listed twice is one
with timed as (select * from stg_garmin__timed where entity = 'nap'),
ranked as (
  select
    *,
    row_number() over (
      partition by user_id, account, key
      order by received_ms desc, raw_key desc, length(pointer) desc, pointer desc
    ) as newest
  from timed
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
    offset_s,
    cast(null as string) as date_text,
    cast(null as bigint) as modified_ms,
    received_ms
  from ranked
  where newest = 1
)
select * from final
