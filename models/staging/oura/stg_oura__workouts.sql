with records_in as (select * from stg_oura__records where type = 'oura.workout' and entity = 'workout'),
times as (select * from stg_oura__times),
final as (
  select
    r.raw_key, r.raw_sha256, r.provider, r.account, r.user_id, r.type, r.entity, '' as name, r.pointer, r.key, r.record,
    case when get_json_object(r.record, '$.source') = 'manual' then 'manual' else 'ring' end as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    r.id as provider_record_id,
    a.at_s as start_s,
    b.at_s as end_s,
    a.at_s as day_s,
    a.offset_s,
    get_json_object(r.record, '$.day') as date_text,
    cast(null as bigint) as modified_ms,
    r.received_ms,
    get_json_object(r.record, '$.activity') as sport_raw,
    -- the provider does not say
    cast(null as boolean) as energy_includes_basal
  from records_in r
  left join times a on a.text = get_json_object(r.record, '$.start_datetime')
  left join times b on b.text = get_json_object(r.record, '$.end_datetime')
)
select * from final
