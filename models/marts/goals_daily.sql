-- a day counts as it is, final or not: final_at says which
with goals as (select * from user_goals),
days as (select * from daily_metrics),
judged as (
  select
    g.user_id, d.local_date, g.goal, g.metric, d.unit, g.direction, g.target, d.value,
    case g.direction when 'at_least' then d.value >= g.target when 'at_most' then d.value <= g.target end as met,
    d.final_at
  from goals g
  join days d
    on d.user_id = g.user_id and d.metric = g.metric and d.local_date >= g.from_date and d.local_date < g.until_date
),
-- days in a row, less their place among the days met, are one date
rows_of_days as (
  select
    *,
    date_sub(local_date, cast(row_number() over (partition by user_id, goal, met order by local_date) as int)) as together
  from judged
),
final as (
  select
    user_id,
    local_date,
    goal,
    metric,
    unit,
    direction,
    target,
    value,
    met,
    case
      when met then cast(row_number() over (partition by user_id, goal, met, together order by local_date) as int)
      else 0
    end as streak,
    final_at
  from rows_of_days
)
select * from final
