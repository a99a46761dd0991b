-- activity within the day, by the second it began; no row says whether another app counted it, so what names no device is taken so
with records_in as (select * from records_current where type = 'withings.getintradayactivity' and entity = 'slot'),
opened as (
  select
    *,
    try_cast(get_json_object(record, '$.key') as double) as start_n,
    get_json_object(record, '$.value') as slot
  from records_in
),
numbers as (
  select
    *,
    get_json_object(slot, '$.deviceid') as deviceid,
    try_cast(get_json_object(slot, '$.duration') as double) as duration_n
  from opened
),
timed as (
  select
    *,
    cast(floor(case when abs(start_n) < 1e15 then start_n when start_n is not null then 1e15 end) as bigint) as start_s,
    cast(floor(case when abs(duration_n) < 1e15 then duration_n when duration_n is not null then 1e15 end) as bigint) as duration_s
  from numbers
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, '' as name, pointer, key,
    slot as record,
    case when deviceid is null then 'app' else 'watch' end as source_type,
    coalesce(nullif(get_json_object(slot, '$.model'), ''), deviceid) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    cast(null as string) as provider_record_id,
    start_s,
    start_s + coalesce(duration_s, 0) as end_s,
    start_s as day_s,
    cast(null as bigint) as offset_s,
    cast(null as string) as date_text,
    cast(null as bigint) as modified_ms,
    received_ms
  from timed
)
select * from final
