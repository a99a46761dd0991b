with records_in as (select * from records_current where type = 'garmin.sleeps' and entity = 'sleep'),
numbers as (
  select *, try_cast(get_json_object(record, '$.startTimeOffsetInSeconds') as double) as offset_n from records_in
),
spans as (select * from stg_garmin__sleep_spans),
final as (
  select
    r.raw_key, r.raw_sha256, r.provider, r.account, r.user_id, r.type, r.entity, '' as name, r.pointer, r.key, r.record,
    'watch' as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    case when get_json_object(r.record, '$.validation') like '%TENTATIVE' then 'provisional' else 'ok' end as quality,
    get_json_object(r.record, '$.summaryId') as provider_record_id,
    s.start_s,
    s.end_s,
    s.end_s as day_s,
    cast(floor(case when abs(r.offset_n) <= 64800e0 then r.offset_n end) as bigint) as offset_s,
    get_json_object(r.record, '$.calendarDate') as date_text,
    cast(null as bigint) as modified_ms,
    r.received_ms
  from numbers r
  join spans s on s.raw_key = r.raw_key and s.pointer = r.pointer
  -- a watch that lay on the table slept nothing
  where coalesce(get_json_object(r.record, '$.validation'), '') <> 'OFF_WRIST'
)
select * from final
