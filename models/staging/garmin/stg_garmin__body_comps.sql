with records_in as (select * from records_current where type = 'garmin.bodyComps' and entity = 'measure'),
numbers as (
  select
    *,
    try_cast(get_json_object(record, '$.measurementTimeInSeconds') as double) as start_n,
    try_cast(get_json_object(record, '$.measurementTimeOffsetInSeconds') as double) as offset_n
  from records_in
),
timed as (
  select
    *,
    cast(floor(case when abs(start_n) < 1e15 then start_n when start_n is not null then 1e15 end) as bigint) as start_s
  from numbers
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, '' as name, pointer, key, record,
    -- an entry by hand holds time and weight alone
    case
      when coalesce(
        get_json_object(record, '$.bodyFatInPercent'),
        get_json_object(record, '$.muscleMassInGrams'),
        get_json_object(record, '$.bodyWaterInPercent')
      ) is not null then 'scale'
      else 'manual'
    end as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    get_json_object(record, '$.summaryId') as provider_record_id,
    start_s,
    start_s as end_s,
    start_s as day_s,
    cast(floor(case when abs(offset_n) <= 64800e0 then offset_n end) as bigint) as offset_s,
    cast(null as string) as date_text,
    cast(null as bigint) as modified_ms,
    received_ms
  from timed
)
select * from final
