with records_in as (select * from records_current where type = 'apple.workouts' and entity = 'workout'),
times as (select * from stg_apple__times),
final as (
  select
    r.raw_key, r.raw_sha256, r.provider, r.account, r.user_id, r.type, r.entity, '' as name, r.pointer, r.key, r.record,
    'unknown' as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    get_json_object(r.record, '$.id') as provider_record_id,
    a.start_s,
    b.start_s as end_s,
    a.start_s as day_s,
    a.offset_s,
    a.date_text,
    cast(null as bigint) as modified_ms,
    r.received_ms,
    get_json_object(r.record, '$.name') as sport_raw,
    false as energy_includes_basal
  from records_in r
  left join times a on a.text = get_json_object(r.record, '$.start')
  left join times b on b.text = get_json_object(r.record, '$.end')
)
select * from final
