-- what a night of Withings does not say itself: its total where only its stages are given, its efficiency in percent, nights made from stages
with sleeps as (select * from stg_withings__sleeps),
nights as (select * from stg_withings__nights),
numbers as (
  select
    raw_key,
    pointer,
    coalesce(
      try_cast(get_json_object(record, '$.data.total_sleep_time') as double),
      try_cast(get_json_object(record, '$.data.asleepduration') as double)
    ) as total_n,
    try_cast(get_json_object(record, '$.data.lightsleepduration') as double) as light_n,
    try_cast(get_json_object(record, '$.data.deepsleepduration') as double) as deep_n,
    try_cast(get_json_object(record, '$.data.remsleepduration') as double) as rem_n,
    try_cast(get_json_object(record, '$.data.total_timeinbed') as double) as in_bed_n,
    try_cast(get_json_object(record, '$.data.sleep_efficiency') as double) as efficiency_n
  from sleeps
),
totalled as (
  select
    *,
    case
      when total_n is null and coalesce(light_n, deep_n, rem_n) is not null
        then coalesce(light_n, 0e0) + coalesce(deep_n, 0e0) + coalesce(rem_n, 0e0)
    end as stages_n
  from numbers
),
wide as (
  select
    raw_key, pointer, stages_n as sleep_total_s, cast(null as double) as sleep_light_s, cast(null as double) as sleep_deep_s,
    cast(null as double) as sleep_rem_s, cast(null as double) as sleep_awake_s,
    case
      when in_bed_n > 0e0 and coalesce(total_n, stages_n) is not null then coalesce(total_n, stages_n) * 100e0 / in_bed_n
      else efficiency_n * 100e0
    end as sleep_efficiency_pct
  from totalled
  union all
  select
    raw_key, pointer, asleep_s * 1e0 as sleep_total_s, light_s * 1e0 as sleep_light_s, deep_s * 1e0 as sleep_deep_s,
    rem_s * 1e0 as sleep_rem_s, awake_s * 1e0 as sleep_awake_s, cast(null as double) as sleep_efficiency_pct
  from nights
),
final as (
  select raw_key, pointer, metric, value
  from wide
  unpivot (value for metric in (sleep_total_s, sleep_light_s, sleep_deep_s, sleep_rem_s, sleep_awake_s, sleep_efficiency_pct))
)
select * from final
