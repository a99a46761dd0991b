with records_in as (select * from records_current where type = 'myfitnesspal.nutrition' and entity = 'row'),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, '' as name, pointer, key, record,
    'manual' as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    cast(null as string) as provider_record_id,
    cast(null as bigint) as start_s,
    cast(null as bigint) as end_s,
    cast(null as bigint) as day_s,
    cast(null as bigint) as offset_s,
    get_json_object(record, '$.Date') as date_text,
    cast(null as bigint) as modified_ms,
    received_ms,
    trim(get_json_object(record, '$.Meal')) as meal
  from records_in
)
select * from final
