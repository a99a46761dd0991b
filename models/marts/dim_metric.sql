with metrics_in as (select * from metrics),
final as (
  select
    metric,
    title,
    unit,
    kind,
    day_rule,
    value_stat,
    try_cast(min as double) as min,
    try_cast(max as double) as max,
    cast(floor(try_cast(decimals as double)) as int) as decimals,
    loinc
  from metrics_in
)
select * from final
