-- no day holds what no day can hold
with days as (select * from daily_metrics),
ranges as (select * from measure_ranges where family = 'metric'),
final as (
  select d.*
  from days d
  join ranges r on r.metric = d.metric
  where d.value < r.min_n or d.value > r.max_n
)
select * from final
