-- exactly one main sleep a person and local day, none where there are only naps
with sleeps as (select * from sleep_sessions),
final as (
  select user_id, local_date
  from sleeps
  group by user_id, local_date
  having count_if(is_main) <> max(case when is_nap then 0 else 1 end) or count_if(is_main and is_nap) > 0
)
select * from final
