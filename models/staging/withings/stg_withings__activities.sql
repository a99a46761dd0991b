-- days; brand 1 is Withings, another is what some other app counted and Withings passes on
with records_in as (select * from records_current where type = 'withings.getactivity' and entity = 'daily'),
zones_in as (select * from stg_withings__zones),
dated as (
  select
    r.*,
    z.zone as row_zone,
    get_json_object(r.record, '$.date') as date_text,
    try_cast(case when get_json_object(r.record, '$.date') like '____-__-__%' then substring(get_json_object(r.record, '$.date'), 1, 10) end as date) as day
  from records_in r
  left join zones_in z on z.zone = get_json_object(r.record, '$.timezone')
),
bounded as (
  select
    *,
    case
      when row_zone is not null and day between date '1900-01-02' and date '2199-12-30'
        then unix_seconds(to_utc_timestamp(cast(day as timestamp), row_zone))
    end as start_s,
    case
      when row_zone is not null and day between date '1900-01-02' and date '2199-12-30'
        then unix_seconds(to_utc_timestamp(cast(date_add(day, 1) as timestamp), row_zone))
    end as end_s
  from dated
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, '' as name, pointer, key, record,
    case
      when coalesce(get_json_object(record, '$.brand'), '1') <> '1' then 'app'
      when coalesce(get_json_object(record, '$.deviceid'), get_json_object(record, '$.hash_deviceid')) is null then 'phone'
      else 'watch'
    end as source_type,
    coalesce(
      nullif(get_json_object(record, '$.model'), ''),
      get_json_object(record, '$.deviceid'),
      get_json_object(record, '$.hash_deviceid')
    ) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    cast(null as string) as provider_record_id,
    start_s,
    end_s,
    start_s as day_s,
    unix_seconds(from_utc_timestamp(timestamp_seconds(start_s), row_zone)) - start_s as offset_s,
    date_text,
    cast(floor(case when abs(version_n) < 1e11 then version_n end * 1000e0) as bigint) as modified_ms,
    received_ms
  from bounded
)
select * from final
