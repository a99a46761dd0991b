-- what adds up, without what Withings only passes on of another app (Google Fit, Samsung Health) where anybody else says the same metric
-- of that day: the app has doors of its own, and its steps would count twice
with observations_in as (select * from observations where kind in ('interval', 'sample', 'daily')),
summed as (select metric from metrics where day_rule in ('SUMI', 'SUM', 'TOTAL')),
marked as (
  select o.*, o.provider = 'withings' and o.source_type = 'app' as is_passed_on
  from observations_in o
  semi join summed m on m.metric = o.metric
),
first_hand as (select distinct user_id, local_date, metric from marked where not is_passed_on),
told_twice as (
  select m.raw_key, m.raw_pointer, m.metric
  from marked m
  join first_hand f on f.user_id = m.user_id and f.local_date = m.local_date and f.metric = m.metric
  where m.is_passed_on
),
final as (
  select o.*
  from marked o
  anti join told_twice t on t.raw_key = o.raw_key and t.raw_pointer = o.raw_pointer and t.metric = o.metric
)
select * from final
