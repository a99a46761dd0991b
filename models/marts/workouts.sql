with records_in as (select * from records_timed where entity in ('activity', 'workout') and implausible is null),
described as (select raw_key, pointer, sport_raw, energy_includes_basal from workout_contexts),
session_values_in as (select * from session_values),
sports_in as (select * from sports),
final as (
  select
    substring(sha2(concat_ws('|', r.account, r.type, r.entity, r.key), 256), 1, 32) as workout_id,
    r.user_id,
    r.account,
    r.provider,
    r.device,
    r.provider_record_id,
    coalesce(s.sport, 'other') as sport,
    d.sport_raw,
    timestamp_seconds(r.start_s) as start_utc,
    timestamp_seconds(r.end_s) as end_utc,
    cast(r.offset_s as int) as offset_s,
    r.local_date,
    coalesce(v.elapsed_s, (r.end_s - r.start_s) * 1e0) as elapsed_s,
    cast(null as double) as moving_s,
    v.distance_m,
    v.energy_active_kcal,
    case when v.energy_active_kcal is not null then d.energy_includes_basal end as energy_includes_basal,
    v.hr_avg_bpm,
    v.hr_max_bpm,
    v.elevation_gain_m,
    r.raw_key,
    r.pointer as raw_pointer
  from records_in r
  join described d on d.raw_key = r.raw_key and d.pointer = r.pointer
  left join session_values_in v on v.raw_key = r.raw_key and v.pointer = r.pointer
  left join sports_in s on s.provider = r.provider and s.sport_raw = lower(d.sport_raw)
)
select * from final
