with records_in as (select * from records_current where type = 'garmin.dailies' and entity = 'heart_rate'),
parsed as (
  select
    *,
    get_json_object(record, '$.value') as text,
    try_cast(get_json_object(carried, '$.startTimeInSeconds') as double)
    + try_cast(get_json_object(record, '$.key') as double) as at_n,
    try_cast(get_json_object(carried, '$.startTimeOffsetInSeconds') as double) as offset_n
  from records_in
),
final as (
  select
    raw_key,
    raw_sha256,
    provider,
    account,
    user_id,
    type,
    -- the value's own place: the pointer ends in the key of the series
    pointer,
    'heart_rate_bpm' as metric,
    'watch' as source_type,
    cast(null as string) as device,
    text,
    try_cast(case when regexp_like(text, '^[-+]?[0-9]+([.][0-9]*)?([eE][-+]?[0-9]+)?$') then text end as double) as value,
    cast(floor(case when abs(at_n) < 1e15 then at_n when at_n is not null then 1e15 end) as bigint) as at_s,
    cast(floor(case when abs(offset_n) <= 64800e0 then offset_n end) as bigint) as offset_s,
    get_json_object(carried, '$.calendarDate') as date_text,
    received_ms
  from parsed
  where text is not null
)
select * from final
