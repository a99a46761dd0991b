with sums as (select * from baseline_sums),
metrics_in as (select metric, unit from metrics),
-- n² times the variance: each bracket is exact, so equal days differ by nothing
spread as (
  select
    *,
    (n * high_high_sum - high_sum * high_sum) * 1099511627776e0
      + (n * high_low_sum - high_sum * low_sum) * 2097152e0
      + (n * low_low_sum - low_sum * low_sum) as squares
  from sums
  where value is not null or n > 0
),
measured as (
  select
    *,
    case when n >= 14 then micro_sum / (n * 1000000e0) end as mean,
    case when n >= 14 then sqrt(greatest(squares, 0e0) / (n * (n - 1))) / 1000000e0 end as sd,
    case when n >= 14 then (n * micro - micro_sum) / (n * 1000000e0) end as distance,
    case when week_n > 0 then week_sum / (week_n * 1000000e0) end as mean_7
  from spread
),
final as (
  select
    d.user_id,
    d.local_date,
    d.metric,
    m.unit,
    case
      when d.distance > d.sd then 'above'
      when d.distance < -d.sd then 'below'
      when d.distance is not null then 'usual'
    end as direction,
    d.value,
    d.mean,
    d.sd,
    cast(d.n as int) as n,
    d.mean_7,
    case when d.sd > 0e0 then d.distance / d.sd end as z
  from measured d
  join metrics_in m on m.metric = d.metric
)
select * from final
