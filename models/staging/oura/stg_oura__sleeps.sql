with records_in as (select * from stg_oura__records where type = 'oura.sleep' and entity = 'sleep'),
times as (select * from stg_oura__times),
final as (
  select
    r.raw_key, r.raw_sha256, r.provider, r.account, r.user_id, r.type,
    -- what was slept after six in the evening stands on the next date, and is no night of it
    case when r.said = 'late_nap' then 'nap' else 'sleep' end as entity,
    '' as name, r.pointer, r.key, r.record,
    'ring' as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    r.id as provider_record_id,
    a.at_s as start_s,
    b.at_s as end_s,
    b.at_s as day_s,
    coalesce(b.offset_s, a.offset_s) as offset_s,
    get_json_object(r.record, '$.day') as date_text,
    cast(null as bigint) as modified_ms,
    r.received_ms
  from records_in r
  left join times a on a.text = get_json_object(r.record, '$.bedtime_start')
  left join times b on b.text = get_json_object(r.record, '$.bedtime_end')
)
select * from final
