-- what a line through days needs of a week, in whole numbers, so that no order of adding them matters
with values_in as (select * from trend_days),
rules as (select metric, day_rule from metrics),
dates as (select distinct user_id, local_date from daily_metrics),
followed as (
  select user_id, local_date, lead(local_date) over (partition by user_id order by local_date) as next_date from dates
),
-- what adds up over a day says little before the day is over, and it is once there is a later one; of a week, so that no more days are read
days as (
  select v.*
  from values_in v
  join rules r on r.metric = v.metric
  join followed f on f.user_id = v.user_id and f.local_date = v.local_date
  where r.day_rule not in ('SUMI', 'SUM', 'TOTAL') or coalesce(datediff(f.next_date, f.local_date), 8) <= 7
),
final as (
  select
    user_id,
    week,
    metric,
    cast(count(*) as bigint) as n,
    min(place) as first_place,
    max(place) as last_place,
    cast(sum(place) as bigint) as x,
    cast(sum(place * place) as bigint) as xx,
    cast(sum(micro) as bigint) as y,
    cast(sum(place * micro) as bigint) as xy,
    cast(sum(part) as bigint) as p,
    cast(sum(part * part) as bigint) as pp,
    cast(sum(place * part) as bigint) as xp
  from days
  group by user_id, week, metric
)
select * from final
