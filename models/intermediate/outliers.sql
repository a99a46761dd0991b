with baselines as (select * from baselines_daily),
judged as (select metric, try_cast(least as double) as least from anomaly_metrics),
severities as (select severity, adverb, try_cast(least_z as double) as least_z from anomaly_severities),
rules as (select metric, day_rule from metrics),
lasts as (select user_id, max(local_date) as last_day from daily_metrics group by user_id),
ranked as (
  select
    b.*,
    s.severity,
    s.adverb,
    row_number() over (partition by b.user_id, b.local_date, b.metric order by s.least_z desc) as rank
  from baselines b
  join judged j on j.metric = b.metric and abs(b.value - b.mean) >= j.least
  join severities s on abs(b.z) >= s.least_z
  join rules r on r.metric = b.metric
  join lasts l on l.user_id = b.user_id
  -- what adds up over a day is not low before the day is over, and it is once there is a later one
  where not (r.day_rule in ('SUMI', 'SUM', 'TOTAL') and b.z < 0e0 and b.local_date = l.last_day)
),
final as (
  select user_id, local_date, metric, severity, adverb, unit, direction, value, mean, sd, z, n from ranked where rank = 1
)
select * from final
