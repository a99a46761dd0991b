-- no published value lies outside what its metric can be
with observations_in as (select * from observations),
ranges as (select * from measure_ranges where family = 'metric'),
final as (
  select o.*
  from observations_in o
  join ranges r on r.metric = o.metric
  where o.value < r.min_n or o.value > r.max_n
)
select * from final
