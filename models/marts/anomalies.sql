with found as (select * from outliers),
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
