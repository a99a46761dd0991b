-- what a line through days needs of a week, in whole numbers, so that no order of adding them matters
with days as (select * from trend_days),
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
