-- either a score from 0 to 100 or a reason why not
with rows_in as (select * from readiness_daily),
final as (
  select * from rows_in
  where (readiness is null) = (reason is null) or readiness < 0 or readiness > 100
)
select * from final
