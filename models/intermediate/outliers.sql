with baselines as (select * from baselines_daily),
judged as (select metric, try_cast(least as double) as least from anomaly_metrics),
severities as (select severity, adverb, try_cast(least_z as double) as least_z from anomaly_severities),
rules as (select metric, day_rule from metrics),
ranked as (
  select
    b.*,
    s.severity,
    s.adverb,
    case when r.day_rule in ('SUMI', 'SUM', 'TOTAL') and b.z < 0e0 then 1 else 0 end as is_low_amount,
    row_number() over (partition by b.user_id, b.local_date, b.metric order by s.least_z desc) as rank
  from baselines b
  join judged j on j.metric = b.metric and abs(b.value - b.mean) >= j.least
  join severities s on abs(b.z) >= s.least_z
  join rules r on r.metric = b.metric
),
final as (
  select user_id, local_date, metric, severity, adverb, unit, direction, is_low_amount, value, mean, sd, z, n from ranked where rank = 1
)
select * from final
