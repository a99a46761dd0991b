with sleeps as (select * from sleep_ranks),
session_values_in as (select * from session_values),
final as (
  select
    s.session_id,
    s.user_id,
    s.account,
    s.provider,
    s.source_type,
    s.device,
    timestamp_seconds(s.start_s) as start_utc,
    timestamp_seconds(s.end_s) as end_utc,
    cast(s.offset_s as int) as offset_s,
    s.local_date,
    s.is_main,
    s.is_nap,
    v.asleep_s,
    v.in_bed_s,
    v.deep_s,
    v.light_s,
    v.rem_s,
    v.awake_s,
    v.latency_s,
    v.efficiency_pct,
    v.sleep_hr_avg_bpm as hr_avg_bpm,
    v.hr_lowest_bpm,
    v.hrv_rmssd_ms,
    v.respiratory_rate_brpm,
    s.quality,
    s.raw_key,
    s.pointer as raw_pointer
  from sleeps s
  left join session_values_in v on v.raw_key = s.raw_key and v.pointer = s.pointer
)
select * from final
