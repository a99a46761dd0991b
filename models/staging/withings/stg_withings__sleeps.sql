with records_in as (select * from records_current where type = 'withings.sleep-getsummary' and entity = 'sleep'),
spans as (select * from stg_withings__sleep_spans),
zones_in as (select * from stg_withings__zones),
final as (
  select
    r.raw_key, r.raw_sha256, r.provider, r.account, r.user_id, r.type, r.entity, '' as name, r.pointer, r.key, r.record,
    -- 32 lies under the mattress, which is none of our kinds of source
    case get_json_object(r.record, '$.model') when '16' then 'watch' else 'unknown' end as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    case when get_json_object(r.record, '$.completed') = 'false' then 'provisional' else 'ok' end as quality,
    get_json_object(r.record, '$.id') as provider_record_id,
    s.start_s,
    s.end_s,
    s.end_s as day_s,
    case
      when z.zone is not null and s.end_s between -2208988800 and 7258118400
        then unix_seconds(from_utc_timestamp(timestamp_seconds(s.end_s), z.zone)) - s.end_s
    end as offset_s,
    get_json_object(r.record, '$.date') as date_text,
    cast(floor(case when abs(r.version_n) < 1e11 then r.version_n end * 1000e0) as bigint) as modified_ms,
    r.received_ms
  from records_in r
  join spans s on s.raw_key = r.raw_key and s.pointer = r.pointer
  left join zones_in z on z.zone = get_json_object(r.record, '$.timezone')
)
select * from final
