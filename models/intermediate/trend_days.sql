-- the value of a day as trends and features take it: of weight the first of the day, before meals change it
with days as (select * from daily_metrics),
ranges as (select * from measure_ranges where family = 'metric'),
chosen as (
  select
    d.user_id, d.local_date, d.metric, r.max_n,
    case when d.metric = 'weight_kg' then coalesce(d.value_first, d.value) else d.value end as value
  from days d
  join ranges r on r.metric = d.metric
),
final as (
  select
    user_id, local_date, metric, value,
    cast(date_trunc('week', local_date) as date) as week,
    -- 0 on Monday
    cast(weekday(local_date) as bigint) as place,
    cast(floor(value * 1000000e0 + 0.5e0) as bigint) as micro,
    -- in millionths of the most it can be: what is squared has to stay a bigint
    cast(floor(value / max_n * 1000000e0 + 0.5e0) as bigint) as part
  from chosen
)
select * from final
