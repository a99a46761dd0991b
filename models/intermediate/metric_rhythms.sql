-- how often a provider says something of a metric: the median gap between the last sixty days with data, so that a holiday changes nothing
with dates as (select distinct user_id, provider, metric, local_date from metric_days),
-- years before these days cost a list of dates, not an order of rows
spans as (
  select
    user_id,
    provider,
    metric,
    min(local_date) as first_day,
    element_at(sort_array(collect_list(local_date)), -60) as late_from
  from dates
  group by user_id, provider, metric
),
late as (
  select
    m.user_id, m.provider, m.metric, m.local_date, min(s.first_day) as first_day, min(m.is_by_hand) as is_by_hand,
    min(m.source_type) as source_type, max(m.received_ms) as received_ms
  from metric_days m
  join spans s on s.user_id = m.user_id and s.provider = m.provider and s.metric = m.metric
  where m.local_date >= coalesce(s.late_from, s.first_day)
  group by m.user_id, m.provider, m.metric, m.local_date
),
ordered as (
  select
    *,
    row_number() over (partition by user_id, provider, metric order by local_date desc) as age,
    datediff(local_date, lead(local_date) over (partition by user_id, provider, metric order by local_date desc)) as gap_days
  from late
),
summed as (
  select
    user_id,
    provider,
    metric,
    min(first_day) as first_day,
    max(local_date) as last_day,
    max(case when age = 1 then received_ms end) as received_ms,
    case when min(is_by_hand) = 1 then min(case when age = 1 then source_type end) end as by_hand,
    count(gap_days) as n_gaps,
    cast(floor(percentile(gap_days, 0.5e0)) as bigint) as gap_days
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
