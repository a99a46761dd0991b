-- days as the ring sums them up; an activity day runs from four to four, and counts as the whole of the date it is given
with records_in as (select * from stg_oura__records where entity = 'day'),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, '' as name, pointer, key, record,
    'ring' as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    id as provider_record_id,
    cast(null as bigint) as start_s,
    cast(null as bigint) as end_s,
    cast(null as bigint) as day_s,
    cast(null as bigint) as offset_s,
    get_json_object(record, '$.day') as date_text,
    cast(null as bigint) as modified_ms,
    received_ms
  from records_in
)
select * from final
