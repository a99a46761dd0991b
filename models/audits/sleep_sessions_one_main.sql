-- exactly one main sleep a person and local day
with sleeps as (select * from sleep_sessions),
final as (
  select user_id, local_date
  from sleeps
  group by user_id, local_date
  having count_if(is_main) <> 1
)
select * from final
