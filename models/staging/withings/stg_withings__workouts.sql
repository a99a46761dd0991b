with records_in as (select * from records_current where type = 'withings.getworkouts' and entity = 'workout'),
zones_in as (select * from stg_withings__zones),
numbers as (
  select
    r.*,
    z.zone as row_zone,
    try_cast(get_json_object(r.record, '$.startdate') as double) as start_n,
    try_cast(get_json_object(r.record, '$.enddate') as double) as end_n
  from records_in r
  left join zones_in z on z.zone = get_json_object(r.record, '$.timezone')
),
timed as (
  select
    *,
    cast(floor(case when abs(start_n) < 1e15 then start_n when start_n is not null then 1e15 end) as bigint) as start_s,
    cast(floor(case when abs(end_n) < 1e15 then end_n when end_n is not null then 1e15 end) as bigint) as end_s
  from numbers
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, '' as name, pointer, key, record,
    case
      when get_json_object(record, '$.attrib') in ('2', '4') then 'manual'
      when coalesce(get_json_object(record, '$.deviceid'), get_json_object(record, '$.hash_deviceid')) is null then 'app'
      else 'watch'
    end as source_type,
    coalesce(get_json_object(record, '$.deviceid'), get_json_object(record, '$.hash_deviceid')) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    get_json_object(record, '$.id') as provider_record_id,
    start_s,
    end_s,
    start_s as day_s,
    case
      when row_zone is not null and start_s between -2208988800 and 7258118400
        then unix_seconds(from_utc_timestamp(timestamp_seconds(start_s), row_zone)) - start_s
    end as offset_s,
    get_json_object(record, '$.date') as date_text,
    cast(floor(case when abs(version_n) < 1e11 then version_n end * 1000e0) as bigint) as modified_ms,
    received_ms,
    get_json_object(record, '$.category') as sport_raw,
    -- Withings calls them active calories
    false as energy_includes_basal
  from timed
)
select * from final
