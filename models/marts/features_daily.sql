-- every column but the keys and the weekday is made from the days before
with windows as (select * from feature_windows),
known as (
  select
    *,
    -- fewer than about half of the days say nothing about the whole
    case when n_7 >= 4 then micro_7 / n_7 / 1000000e0 end as mean_7,
    case when n_28 >= 14 then micro_28 / n_28 / 1000000e0 end as mean_28,
    case when n_7 >= 4 and n_28 >= 14 then (n_7 * micro_28 - n_28 * micro_7) / n_28 / 1000000e0 end as short_7,
    case when n_7 >= 4 and n_28 >= 14 then (micro_7 * n_28) / nullif(n_7 * micro_28, 0) end as ratio
  from windows
),
final as (
  select
    user_id,
    local_date,
    cast(weekday(local_date) + 1 as int) as weekday,
    weekday(local_date) >= 5 as is_weekend,
    max(case when metric = 'sleep_total_s' then lag_1 end) as sleep_total_s_lag_1,
    max(case when metric = 'sleep_total_s' then lag_7 end) as sleep_total_s_lag_7,
    max(case when metric = 'sleep_total_s' then mean_7 end) as sleep_total_s_mean_7,
    max(case when metric = 'sleep_total_s' then mean_28 end) as sleep_total_s_mean_28,
    max(case when metric = 'resting_heart_rate_bpm' then lag_1 end) as resting_heart_rate_bpm_lag_1,
    max(case when metric = 'resting_heart_rate_bpm' then lag_7 end) as resting_heart_rate_bpm_lag_7,
    max(case when metric = 'resting_heart_rate_bpm' then mean_7 end) as resting_heart_rate_bpm_mean_7,
    max(case when metric = 'resting_heart_rate_bpm' then mean_28 end) as resting_heart_rate_bpm_mean_28,
    max(case when metric = 'hrv_rmssd_ms' then lag_1 end) as hrv_rmssd_ms_lag_1,
    max(case when metric = 'hrv_rmssd_ms' then lag_7 end) as hrv_rmssd_ms_lag_7,
    max(case when metric = 'hrv_rmssd_ms' then mean_7 end) as hrv_rmssd_ms_mean_7,
    max(case when metric = 'hrv_rmssd_ms' then mean_28 end) as hrv_rmssd_ms_mean_28,
    max(case when metric = 'steps' then lag_1 end) as steps_lag_1,
    max(case when metric = 'steps' then lag_7 end) as steps_lag_7,
    max(case when metric = 'steps' then mean_7 end) as steps_mean_7,
    max(case when metric = 'steps' then mean_28 end) as steps_mean_28,
    max(case when metric = 'energy_active_kcal' then lag_1 end) as energy_active_kcal_lag_1,
    max(case when metric = 'energy_active_kcal' then lag_7 end) as energy_active_kcal_lag_7,
    max(case when metric = 'energy_active_kcal' then mean_7 end) as energy_active_kcal_mean_7,
    max(case when metric = 'energy_active_kcal' then mean_28 end) as energy_active_kcal_mean_28,
    max(case when metric = 'weight_kg' then lag_1 end) as weight_kg_lag_1,
    max(case when metric = 'weight_kg' then lag_7 end) as weight_kg_lag_7,
    max(case when metric = 'weight_kg' then mean_7 end) as weight_kg_mean_7,
    max(case when metric = 'weight_kg' then mean_28 end) as weight_kg_mean_28,
    max(case when metric = 'diet_energy_kcal' then lag_1 end) as diet_energy_kcal_lag_1,
    max(case when metric = 'diet_energy_kcal' then lag_7 end) as diet_energy_kcal_lag_7,
    max(case when metric = 'diet_energy_kcal' then mean_7 end) as diet_energy_kcal_mean_7,
    max(case when metric = 'diet_energy_kcal' then mean_28 end) as diet_energy_kcal_mean_28,
    max(case when metric = 'sleep_total_s' then short_7 end) as sleep_debt_s,
    max(case when metric = 'energy_active_kcal' then ratio end) as load_ratio
  from known
  group by user_id, local_date
)
select * from final
