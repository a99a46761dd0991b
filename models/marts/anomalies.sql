with outliers_in as (select * from outliers),
lasts as (select user_id, max(local_date) as last_day from daily_metrics group by user_id),
-- what adds up over a day is not low before the day is over, and it is once there is a later one
found as (
  select o.*
  from outliers_in o
  join lasts l on l.user_id = o.user_id
  where not (o.is_low_amount = 1 and o.local_date = l.last_day)
),
texts as (
  select
    user_id, local_date, metric,
    max(case when part = 'value' then text end) as value_text,
    max(case when part = 'low' then text end) as low_text,
    max(case when part = 'high' then text end) as high_text
  from outlier_texts
  group by user_id, local_date, metric
),
words as (select metric, opening, above, below from anomaly_metrics),
final as (
  select
    f.user_id,
    f.local_date,
    f.metric,
    f.severity,
    f.direction,
    w.opening || ' ' || t.value_text || ', ' || coalesce(f.adverb || ' ', '')
      || case when f.z > 0e0 then w.above else w.below end
      || ' than usual (' || t.low_text || ' to ' || t.high_text || ').' as sentence,
    f.unit,
    f.value,
    f.mean,
    f.sd,
    f.z,
    f.n
  from found f
  join texts t on t.user_id = f.user_id and t.local_date = f.local_date and t.metric = f.metric
  join words w on w.metric = f.metric
)
select * from final
