-- the values of one sleep or workout side by side; those that were refused are missing
with measures_in as (select * from measures where rule is null and kind in ('session', 'workout')),
final as (
  select
    raw_key,
    pointer,
    max(case when metric = 'sleep_total_s' then value end) as asleep_s,
    max(case when metric = 'sleep_in_bed_s' then value end) as in_bed_s,
    max(case when metric = 'sleep_deep_s' then value end) as deep_s,
    max(case when metric = 'sleep_light_s' then value end) as light_s,
    max(case when metric = 'sleep_rem_s' then value end) as rem_s,
    max(case when metric = 'sleep_awake_s' then value end) as awake_s,
    max(case when metric = 'sleep_latency_s' then value end) as latency_s,
    max(case when metric = 'sleep_efficiency_pct' then value end) as efficiency_pct,
    max(case when metric = 'sleep_hr_avg_bpm' then value end) as sleep_hr_avg_bpm,
    max(case when metric = 'sleep_hr_lowest_bpm' then value end) as hr_lowest_bpm,
    max(case when metric = 'hrv_rmssd_ms' then value end) as hrv_rmssd_ms,
    max(case when metric = 'respiratory_rate_brpm' then value end) as respiratory_rate_brpm,
    max(case when metric = 'elapsed_s' then value end) as elapsed_s,
    max(case when metric = 'distance_m' then value end) as distance_m,
    max(case when metric = 'energy_active_kcal' then value end) as energy_active_kcal,
    max(case when metric = 'hr_avg_bpm' then value end) as hr_avg_bpm,
    max(case when metric = 'hr_max_bpm' then value end) as hr_max_bpm,
    max(case when metric = 'elevation_gain_m' then value end) as elevation_gain_m
  from measures_in
  group by raw_key, pointer
)
select * from final
