-- how often a provider says something of a metric: the median gap between the last sixty days with data, so that a holiday changes nothing
with dated as (
  select user_id, provider, metric, local_date, min(is_by_hand) as is_by_hand, min(source_type) as source_type,
    max(received_ms) as received_ms
  from metric_days
  group by user_id, provider, metric, local_date
),
ordered as (
  select
    *,
    row_number() over (partition by user_id, provider, metric order by local_date desc) as age,
    datediff(local_date, lead(local_date) over (partition by user_id, provider, metric order by local_date desc)) as gap_days
  from dated
),
summed as (
  select
    user_id,
    provider,
    metric,
    min(local_date) as first_day,
    max(local_date) as last_day,
    max(case when age = 1 then received_ms end) as received_ms,
    case when min(case when age <= 60 then is_by_hand end) = 1 then min(case when age = 1 then source_type end) end as by_hand,
    count(case when age <= 59 then gap_days end) as n_gaps,
    cast(floor(percentile(case when age <= 59 then gap_days end, 0.5e0)) as bigint) as gap_days
  from ordered
  group by user_id, provider, metric
),
final as (
  select
    user_id, provider, metric, first_day, last_day, received_ms, by_hand,
    case when n_gaps >= 3 then gap_days end as cadence_days,
    -- the day it is due on, and after it one day of patience and half the rhythm
    case when n_gaps >= 3 then date_add(last_day, cast(gap_days + 1 + cast(floor(gap_days / 2e0) as bigint) as int)) end as due_day
  from summed
)
select * from final
