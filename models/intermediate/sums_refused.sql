-- days on which the sources together add up to what no day can hold, though each of them could be right
with ranked as (select * from daily_candidates),
ranges as (select * from measure_ranges where family = 'metric'),
summed as (
  select
    user_id, local_date, metric,
    cast(sum(cast(floor(counted * 1000000e0 + 0.5e0) as bigint)) as bigint) / 1000000e0 as value
  from ranked
  group by user_id, local_date, metric
),
final as (
  select w.user_id, w.local_date, w.metric, w.provider, w.account, w.device, s.value, s.value > r.max_n as is_more
  from summed s
  join ranges r on r.metric = s.metric
  join ranked w on w.user_id = s.user_id and w.local_date = s.local_date and w.metric = s.metric and w.is_winner
  where s.value < r.min_n or s.value > r.max_n
)
select * from final
