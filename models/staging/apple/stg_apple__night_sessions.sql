-- sessions from single stages; they count only until the app's own summary of that night is there
with stages as (select * from stg_apple__night_stages),
summaries as (select * from stg_apple__sleeps),
placed as (
  select
    *,
    row_number() over (
      partition by user_id, account, source_key, night order by start_s, end_s, raw_key, length(pointer), pointer
    ) as place,
    row_number() over (
      partition by user_id, account, source_key, night order by end_s desc, raw_key desc, length(pointer) desc, pointer desc
    ) as place_from_end
  from stages
),
nights as (
  select
    user_id, account, source_key, night,
    min(start_s) as start_s,
    max(end_s) as end_s,
    max(received_ms) as received_ms,
    max(case when place_from_end = 1 then offset_s end) as offset_s,
    max(case when place_from_end = 1 then date_text end) as date_text,
    cast(sum(cast(floor(case when stage = 'light' then seconds_n end + 0.5e0) as bigint)) as bigint) as light_s,
    cast(sum(cast(floor(case when stage = 'deep' then seconds_n end + 0.5e0) as bigint)) as bigint) as deep_s,
    cast(sum(cast(floor(case when stage = 'rem' then seconds_n end + 0.5e0) as bigint)) as bigint) as rem_s,
    cast(sum(cast(floor(case when stage = 'awake' then seconds_n end + 0.5e0) as bigint)) as bigint) as awake_s,
    cast(sum(cast(floor(case when stage <> 'awake' then seconds_n end + 0.5e0) as bigint)) as bigint) as asleep_s
  from placed
  group by user_id, account, source_key, night
),
summed as (
  select distinct n.user_id, n.account, n.source_key, n.night
  from nights n
  join summaries s on s.user_id = n.user_id and s.account = n.account and s.start_s < n.end_s and n.start_s < s.end_s
),
final as (
  select
    f.raw_key, f.raw_sha256, f.provider, n.account, n.user_id, f.type, 'night' as entity, f.pointer, f.key, f.record,
    n.source_key, n.night, n.start_s, n.end_s, n.offset_s, n.date_text, n.received_ms,
    n.light_s, n.deep_s, n.rem_s, n.awake_s, n.asleep_s
  from nights n
  join placed f
    on f.user_id = n.user_id and f.account = n.account and f.source_key = n.source_key and f.night = n.night and f.place = 1
  anti join summed s
    on s.user_id = n.user_id and s.account = n.account and s.source_key = n.source_key and s.night = n.night
)
select * from final
