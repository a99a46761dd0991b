-- what a person wants, by day: a goal holds from the local day it was set on until it is set anew or removed
with goals as (select * from stg_wellspring__goals),
zones as (select * from user_zones),
said as (
  select
    g.user_id, g.goal, g.metric, g.direction, g.state, g.target, g.sequence_n,
    cast(from_utc_timestamp(timestamp_millis(g.effective_ms), coalesce(z.zone, 'UTC')) as date) as from_date
  from goals g
  left join zones z
    on z.user_id = g.user_id and z.from_s <= cast(floor(g.effective_ms / 1000e0) as bigint)
    and cast(floor(g.effective_ms / 1000e0) as bigint) < z.until_s
  where g.user_id is not null and g.goal is not null
),
-- what is said later holds from its own day on, also over what was said before for that day and after
hidden as (
  select distinct s.user_id, s.goal, s.sequence_n
  from said s
  join said later
    on later.user_id = s.user_id and later.goal = s.goal and later.sequence_n > s.sequence_n and later.from_date <= s.from_date
),
dated as (
  select
    s.*,
    coalesce(lead(s.from_date) over (partition by s.user_id, s.goal order by s.from_date), date '9999-12-31') as until_date
  from said s
  anti join hidden h on h.user_id = s.user_id and h.goal = s.goal and h.sequence_n = s.sequence_n
),
final as (
  select user_id, goal, metric, direction, target, from_date, until_date
  from dated
  where state = 'active' and target is not null
)
select * from final
