-- what was known of each main metric before a day: every frame ends with the day before
with days as (select user_id, local_date from daily_metrics),
-- a day with data, and the one after it, whose values nobody knows yet
dates as (
  select user_id, local_date from days
  union
  select user_id, date_add(local_date, 1) as local_date from days
),
main as (
  select t.metric
  from (
    values ('sleep_total_s'), ('resting_heart_rate_bpm'), ('hrv_rmssd_ms'), ('steps'), ('energy_active_kcal'), ('weight_kg'), ('diet_energy_kcal')
  ) as t(metric)
),
values_in as (select user_id, local_date, metric, value, micro from trend_days),
spread as (
  select d.user_id, d.local_date, m.metric, v.value, v.micro, datediff(d.local_date, date '1970-01-01') as n
  from dates d
  cross join main m
  left join values_in v on v.user_id = d.user_id and v.local_date = d.local_date and v.metric = m.metric
),
final as (
  select
    user_id,
    local_date,
    metric,
    max(value) over (partition by user_id, metric order by n range between 1 preceding and 1 preceding) as lag_1,
    max(value) over (partition by user_id, metric order by n range between 7 preceding and 7 preceding) as lag_7,
    cast(count(micro) over (partition by user_id, metric order by n range between 7 preceding and 1 preceding) as bigint) as n_7,
    cast(sum(micro) over (partition by user_id, metric order by n range between 7 preceding and 1 preceding) as bigint) as micro_7,
    cast(count(micro) over (partition by user_id, metric order by n range between 28 preceding and 1 preceding) as bigint) as n_28,
    cast(sum(micro) over (partition by user_id, metric order by n range between 28 preceding and 1 preceding) as bigint) as micro_28
  from spread
)
select * from final
