-- a day is a number: not nothing, not without end
with days as (select * from daily_metrics),
final as (
  select * from days where value is null or value > 1e15 or value < -1e15
)
select * from final
