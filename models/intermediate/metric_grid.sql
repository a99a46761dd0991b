-- what a person measures, on every day they have any value: a day without a value of its own can still be told what is usual
with daily as (select user_id, local_date, metric, value from daily_metrics),
days as (select distinct user_id, local_date from daily),
begun as (select user_id, metric, min(local_date) as first_day from daily group by user_id, metric),
valued as (
  select d.user_id, d.local_date, b.metric, v.value, cast(floor(v.value * 1000000e0 + 0.5e0) as bigint) as micro
  from days d
  join begun b on b.user_id = d.user_id and b.first_day <= d.local_date
  left join daily v on v.user_id = d.user_id and v.local_date = d.local_date and v.metric = b.metric
),
-- in two parts of 20 bits and the rest, so that squares and their sums stay whole numbers
parted as (
  select *, unix_date(local_date) as day_n, cast(floor(micro / 1048576e0) as bigint) as high
  from valued
),
final as (
  select user_id, local_date, metric, value, day_n, micro, high, micro - high * 1048576 as low
  from parted
)
select * from final
