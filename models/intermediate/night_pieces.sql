-- of nights made from single stages: the stages each value was added up from (a session itself points at its first stage alone)
with nights as (select * from stg_apple__night_sessions),
stages as (select * from stg_apple__night_stages),
in_bed as (select * from stg_apple__sleep_segments where stage = 'in_bed' and end_s > start_s),
days as (select raw_key, pointer, local_date from record_days where local_date is not null),
pieces as (
  select n.user_id, n.raw_key as night_key, n.pointer as night_pointer, s.stage, s.raw_key, s.pointer, s.start_s, s.seconds_n
  from nights n
  join stages s on s.user_id = n.user_id and s.account = n.account and s.source_key = n.source_key and s.night = n.night
  union all
  select n.user_id, n.raw_key as night_key, n.pointer as night_pointer, b.stage, b.raw_key, b.pointer, b.start_s, b.seconds_n
  from nights n
  join in_bed b on b.user_id = n.user_id and b.account = n.account and b.start_s < n.end_s and n.start_s < b.end_s
),
seconds as (select *, cast(floor(seconds_n + 0.5e0) as bigint) as piece_s from pieces),
valued as (
  select *, 'sleep_' || stage || '_s' as metric, piece_s as share_s from seconds where stage <> 'asleep'
  union all
  select *, 'sleep_total_s' as metric, piece_s as share_s from seconds where stage not in ('awake', 'in_bed')
  union all
  -- a quotient has no shares
  select *, 'sleep_efficiency_pct' as metric, cast(null as bigint) as share_s from seconds where stage <> 'awake'
),
final as (
  select
    v.user_id, v.metric, v.night_key, v.night_pointer, d.local_date, v.raw_key, v.pointer as raw_pointer, v.start_s, v.share_s
  from valued v
  join days d on d.raw_key = v.night_key and d.pointer = v.night_pointer
)
select * from final
