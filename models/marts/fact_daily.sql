-- the values of daily_metrics side by side, for tools that want a column a number; there is one of each, so max chooses nothing
with daily as (select user_id, local_date, metric, value, final_at from daily_metrics),
final as (
  select
    user_id,
    local_date,
    max(case when metric = 'sleep_total_s' then value end) as sleep_total_s,
    max(case when metric = 'sleep_deep_s' then value end) as sleep_deep_s,
    max(case when metric = 'sleep_rem_s' then value end) as sleep_rem_s,
    max(case when metric = 'sleep_efficiency_pct' then value end) as sleep_efficiency_pct,
    max(case when metric = 'resting_heart_rate_bpm' then value end) as resting_heart_rate_bpm,
    max(case when metric = 'heart_rate_bpm' then value end) as heart_rate_bpm,
    max(case when metric = 'hrv_rmssd_ms' then value end) as hrv_rmssd_ms,
    max(case when metric = 'hrv_sdnn_ms' then value end) as hrv_sdnn_ms,
    max(case when metric = 'stress_0_100' then value end) as stress_0_100,
    max(case when metric = 'spo2_pct' then value end) as spo2_pct,
    max(case when metric = 'steps' then value end) as steps,
    max(case when metric = 'distance_m' then value end) as distance_m,
    max(case when metric = 'floors_climbed' then value end) as floors_climbed,
    max(case when metric = 'energy_active_kcal' then value end) as energy_active_kcal,
    max(case when metric = 'active_time_s' then value end) as active_time_s,
    max(case when metric = 'exercise_time_s' then value end) as exercise_time_s,
    max(case when metric = 'weight_kg' then value end) as weight_kg,
    max(case when metric = 'body_fat_pct' then value end) as body_fat_pct,
    max(case when metric = 'muscle_mass_kg' then value end) as muscle_mass_kg,
    max(case when metric = 'diet_energy_kcal' then value end) as diet_energy_kcal,
    max(case when metric = 'diet_protein_g' then value end) as diet_protein_g,
    max(case when metric = 'diet_carbs_g' then value end) as diet_carbs_g,
    max(case when metric = 'diet_fat_g' then value end) as diet_fat_g,
    max(case when metric = 'water_intake_ml' then value end) as water_intake_ml,
    max(final_at) as final_at
  from daily
  group by user_id, local_date
)
select * from final
