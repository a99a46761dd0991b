-- when the week of a day with data is over where the person is: by the zone they are in at the noon of its Sunday
with weeks as (select distinct user_id, week from trend_weeks),
zones as (select * from user_zones),
ranked as (
  select
    w.user_id, w.week,
    to_utc_timestamp(cast(date_add(w.week, 7) as timestamp), coalesce(z.zone, 'UTC')) as ends_at,
    row_number() over (partition by w.user_id, w.week order by z.from_s desc) as latest
  from weeks w
  left join zones z
    on z.user_id = w.user_id
    and z.from_s <= unix_seconds(to_utc_timestamp(cast(date_add(w.week, 6) as timestamp), z.zone)) + 43200
),
final as (
  select user_id, week, unix_seconds(ends_at) as end_s from ranked where latest = 1
)
select * from final
