-- nights as Health Auto Export sums them up, in hours
with records_in as (select * from records_current where type = 'apple.metrics' and entity = 'sleep'),
spans as (select * from stg_apple__sleep_spans),
sourced as (
  select
    r.*,
    s.start_s,
    s.end_s,
    s.offset_s,
    s.date_text,
    -- before 6.6.2 the app called it sleepSource
    trim(coalesce(get_json_object(r.record, '$.source'), get_json_object(r.record, '$.sleepSource'))) as source_text
  from records_in r
  join spans s on s.raw_key = r.raw_key and s.pointer = r.pointer
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, '' as name, pointer, key, record,
    case
      when source_text like '%|%' then 'multiple'
      when source_text like '%Watch%' then 'watch'
      when source_text like '%Phone%' or source_text like '%iPad%' then 'phone'
      when coalesce(source_text, '') = '' then 'unknown'
      else 'app'
    end as source_type,
    -- the app's own merge of all devices
    cast(null as string) as device,
    lower(get_json_object(carried, '$.units')) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    cast(null as string) as provider_record_id,
    start_s,
    end_s,
    end_s as day_s,
    offset_s,
    date_text,
    cast(null as bigint) as modified_ms,
    received_ms
  from sourced
)
select * from final
