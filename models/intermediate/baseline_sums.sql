-- whole numbers only: they add up to the same in any order
with grid as (select * from metric_grid),
final as (
  select
    user_id,
    local_date,
    metric,
    value,
    micro,
    cast(count(micro) over before as bigint) as n,
    cast(sum(micro) over before as bigint) as micro_sum,
    cast(sum(high) over before as bigint) as high_sum,
    cast(sum(low) over before as bigint) as low_sum,
    cast(sum(high * high) over before as bigint) as high_high_sum,
    cast(sum(high * low) over before as bigint) as high_low_sum,
    cast(sum(low * low) over before as bigint) as low_low_sum,
    cast(count(micro) over week as bigint) as week_n,
    cast(sum(micro) over week as bigint) as week_sum
  from grid
  window
    before as (partition by user_id, metric order by day_n range between 28 preceding and 1 preceding),
    week as (partition by user_id, metric order by day_n range between 7 preceding and 1 preceding)
)
select * from final
