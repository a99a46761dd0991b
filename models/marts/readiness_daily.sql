with components as (select * from readiness_components),
grouped as (
  select
    user_id,
    local_date,
    max(case when component = 'hrv' and score is not null then metric end) as hrv_metric,
    max(case when component = 'load' and score is not null then metric end) as load_metric,
    nullif(array_join(sort_array(collect_list(case when score is null then component || '_' || lacks end)), ','), '') as reason,
    max(case when component = 'sleep' then score end) as sleep_score,
    max(case when component = 'hrv' then score end) as hrv_score,
    max(case when component = 'resting_heart_rate' then score end) as resting_heart_rate_score,
    max(case when component = 'load' then score end) as load_score,
    cast(sum(score * weight) as bigint) as points,
    cast(sum(weight) as bigint) as weights
  from components
  group by user_id, local_date
),
final as (
  select
    user_id,
    local_date,
    hrv_metric,
    load_metric,
    reason,
    case when reason is null then cast(floor(points / (weights * 1e0) + 0.5e0) as int) end as readiness,
    cast(sleep_score as int) as sleep_score,
    cast(hrv_score as int) as hrv_score,
    cast(resting_heart_rate_score as int) as resting_heart_rate_score,
    cast(load_score as int) as load_score
  from grouped
)
select * from final
