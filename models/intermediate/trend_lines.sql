-- each week beside the four before it, and the line through the four weeks it ends (x is the day, 0 to 27)
with weeks as (select * from trend_weeks),
ahead as (
  select explode(sequence(0, 4)) as back, user_id, week, metric, n, first_place, last_place, x, xx, y, xy, p, pp, xp
  from weeks
),
-- a week begins so many days into the four weeks
moved as (
  select *, date_add(week, cast(back as int) * 7) as of_week, cast(7 * (3 - back) as bigint) as s
  from ahead
),
summed as (
  select
    user_id,
    of_week as week,
    metric,
    cast(sum(case when back = 0 then n end) as bigint) as n_days,
    cast(sum(case when back = 0 then y end) as bigint) as y_days,
    cast(sum(case when back > 0 then n else 0 end) as bigint) as n_before,
    cast(sum(case when back > 0 then y end) as bigint) as y_before,
    cast(sum(case when back < 4 then n end) as bigint) as n,
    max(case when back < 4 then last_place + s end) - min(case when back < 4 then first_place + s end) as span,
    cast(sum(case when back < 4 then x + n * s end) as bigint) as x,
    cast(sum(case when back < 4 then xx + 2 * s * x + n * s * s end) as bigint) as xx,
    cast(sum(case when back < 4 then y end) as bigint) as y,
    cast(sum(case when back < 4 then xy + s * y end) as bigint) as xy,
    cast(sum(case when back < 4 then p end) as bigint) as p,
    cast(sum(case when back < 4 then pp end) as bigint) as pp,
    cast(sum(case when back < 4 then xp + s * p end) as bigint) as xp
  from moved
  group by user_id, of_week, metric
  having count(case when back = 0 then 1 end) > 0
),
-- n times the sums of squares around the means
centred as (
  select *, n * xx - x * x as across, n * xy - x * y as up, n * xp - x * p as up_part, n * pp - p * p as spread
  from summed
),
final as (
  select
    user_id,
    week,
    metric,
    case
      when n < 4 or span < 14 then null
      -- a slope of at least twice its own standard error; the doubles are made of whole numbers and equal everywhere
      when up_part <> 0
        and 1e0 * up_part * up_part * (n - 2) >= 4e0 * (1e0 * across * spread - 1e0 * up_part * up_part)
        then case when up_part > 0 then 'rising' else 'falling' end
      else 'steady'
    end as direction,
    n_days,
    y_days / n_days / 1000000e0 as mean,
    n_before,
    y_before / nullif(n_before, 0) / 1000000e0 as mean_before,
    n as n_line,
    case when n >= 4 and span >= 14 then up / across / 1000000e0 end as slope_per_day
  from centred
)
select * from final
