-- single values of a group; a value is an integer and a power of ten, read as one decimal: 80094 and -3 are 80094e-3
with records_in as (select * from records_current where type = 'withings.getmeas' and entity = 'measure'),
codes_in as (select code, metric, source_type, is_whole from withings_measures),
zones_in as (select * from stg_withings__zones),
homes as (select distinct user_id from user_zones),
parsed as (
  select
    *,
    get_json_object(record, '$.type') as code,
    get_json_object(record, '$.value') as value_text,
    coalesce(get_json_object(record, '$.unit'), '?') as unit_text,
    get_json_object(record, '$.position') as position,
    get_json_object(carried, '$.grpid') as grpid,
    get_json_object(carried, '$.attrib') as attrib,
    coalesce(nullif(get_json_object(carried, '$.model'), ''), get_json_object(carried, '$.deviceid')) as device_text,
    get_json_object(carried, '$.timezone') as zone_text,
    try_cast(get_json_object(carried, '$.date') as double) as date_n,
    try_cast(get_json_object(carried, '$.modified') as double) as modified_n
  from records_in
  where coalesce(get_json_object(carried, '$.category'), '1') = '1'
),
-- a scale lists fat and fat-free mass twice, and segments of the body beside the whole
ranked as (
  select
    p.*,
    c.metric,
    c.source_type as code_type,
    max(case when p.code = '10' then 1 else 0 end) over (partition by p.raw_key, p.user_id, p.grpid) as has_pressure,
    max(case when p.code in ('6', '8') and try_cast(p.value_text as double) = 0e0 then 1 else 0 end)
      over (partition by p.raw_key, p.user_id, p.grpid) as has_no_fat,
    row_number() over (
      partition by p.user_id, p.account, p.grpid, p.code, case when c.is_whole = '1' then '7' else coalesce(p.position, '') end
      order by p.received_ms desc, p.raw_key desc, length(p.pointer), p.pointer
    ) as place
  from parsed p
  join codes_in c on c.code = p.code
  where p.value_text is not null and (c.is_whole <> '1' or c.is_whole is null or coalesce(p.position, '7') = '7')
),
timed as (
  select
    *,
    cast(floor(case when abs(date_n) < 1e15 then date_n when date_n is not null then 1e15 end) as bigint) as start_s
  from ranked
  -- a pulse of 0 is none; a weight typed in comes with fat of 0, and all of it fat-free; of attribution 1 nobody knows whose it is
  where place = 1 and coalesce(attrib, '') <> '1'
    and not (code = '11' and try_cast(value_text as double) = 0e0)
    and not (code in ('5', '6', '8') and has_no_fat = 1)
),
final as (
  select
    t.raw_key, t.raw_sha256, t.provider, t.account, t.user_id, t.type, t.entity, t.code as name, t.pointer, t.key,
    '{"value":"' || case when regexp_like(t.value_text || 'e' || t.unit_text, '^[-+]?[0-9]+e[-+]?[0-9]+$')
      then t.value_text || 'e' || t.unit_text else '?' end || '"}' as record,
    case
      when t.attrib in ('2', '4') then 'manual'
      when t.code = '11' and t.has_pressure = 1 then 'cuff'
      else t.code_type
    end as source_type,
    t.device_text as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    t.grpid as provider_record_id,
    t.start_s,
    t.start_s as end_s,
    t.start_s as day_s,
    -- the zone of an answer is the account's now, not that of measuring: only while the person has none
    case
      when h.user_id is null and z.zone is not null and t.start_s between -2208988800 and 7258118400
        then unix_seconds(from_utc_timestamp(timestamp_seconds(t.start_s), z.zone)) - t.start_s
    end as offset_s,
    cast(null as string) as date_text,
    cast(floor(case when abs(t.modified_n) < 1e11 then t.modified_n end * 1000e0) as bigint) as modified_ms,
    t.received_ms
  from timed t
  left join zones_in z on z.zone = t.zone_text
  left join homes h on h.user_id = t.user_id
)
select * from final
