with records_in as (select * from records_current where type = 'apple.workouts' and entity = 'workout'),
times as (select * from stg_apple__times),
timed as (
  select
    r.raw_key, r.raw_sha256, r.provider, r.account, r.user_id, r.type, r.entity, '' as name, r.pointer, r.key, r.record,
    'unknown' as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'ok' as quality,
    get_json_object(r.record, '$.id') as provider_record_id,
    a.start_s,
    b.start_s as end_s,
    a.start_s as day_s,
    a.offset_s,
    a.date_text,
    cast(null as bigint) as modified_ms,
    r.received_ms,
    get_json_object(r.record, '$.name') as sport_raw,
    false as energy_includes_basal
  from records_in r
  left join times a on a.text = get_json_object(r.record, '$.start')
  left join times b on b.text = get_json_object(r.record, '$.end')
),
-- a workout without an id (version 1 of the app) is known by its name and the instant it began: after a journey the app writes
-- that instant with another offset
named as (
  select
    *,
    row_number() over (
      partition by user_id, account,
        case when provider_record_id is null and start_s is not null then sport_raw else key end,
        case when provider_record_id is null then start_s end
      order by received_ms desc, raw_key desc, length(pointer) desc, pointer desc
    ) as statement_rank
  from timed
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, name, pointer, key, record, source_type, device, unit, kind, quality,
    provider_record_id, start_s, end_s, day_s, offset_s, date_text, modified_ms, received_ms, sport_raw, energy_includes_basal
  from named
  where statement_rank = 1
)
select * from final
