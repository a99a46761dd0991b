-- hours of a summed-up night in seconds; asleep is 0 when there are stages, so the total is totalSleep, else all of them
with sleeps as (select * from stg_apple__sleeps),
nights as (select * from stg_apple__nights),
units_in as (select unit, try_cast(multiply as double) as multiply_n from units where canonical = 's'),
hours as (
  select
    s.raw_key,
    s.pointer,
    try_cast(get_json_object(s.record, '$.totalSleep') as double) * u.multiply_n as total_n,
    try_cast(get_json_object(s.record, '$.asleep') as double) * u.multiply_n as asleep_n,
    try_cast(get_json_object(s.record, '$.core') as double) * u.multiply_n as light_n,
    try_cast(get_json_object(s.record, '$.deep') as double) * u.multiply_n as deep_n,
    try_cast(get_json_object(s.record, '$.rem') as double) * u.multiply_n as rem_n,
    try_cast(get_json_object(s.record, '$.awake') as double) * u.multiply_n as awake_n,
    try_cast(get_json_object(s.record, '$.inBed') as double) * u.multiply_n as in_bed_n
  from sleeps s
  join units_in u on u.unit = coalesce(s.unit, 'hr')
),
totalled as (
  select
    *,
    coalesce(
      total_n,
      case
        when coalesce(light_n, deep_n, rem_n, asleep_n) is not null
          then coalesce(light_n, 0e0) + coalesce(deep_n, 0e0) + coalesce(rem_n, 0e0) + coalesce(asleep_n, 0e0)
      end
    ) as sleep_n
  from hours
),
wide as (
  select
    raw_key, pointer,
    floor(sleep_n + 0.5e0) * 1e0 as sleep_total_s, floor(light_n + 0.5e0) * 1e0 as sleep_light_s,
    floor(deep_n + 0.5e0) * 1e0 as sleep_deep_s, floor(rem_n + 0.5e0) * 1e0 as sleep_rem_s,
    floor(awake_n + 0.5e0) * 1e0 as sleep_awake_s, floor(in_bed_n + 0.5e0) * 1e0 as sleep_in_bed_s
  from totalled
  union all
  select
    raw_key, pointer,
    asleep_s * 1e0 as sleep_total_s, light_s * 1e0 as sleep_light_s, deep_s * 1e0 as sleep_deep_s,
    rem_s * 1e0 as sleep_rem_s, awake_s * 1e0 as sleep_awake_s, in_bed_s * 1e0 as sleep_in_bed_s
  from nights
),
measured as (
  select raw_key, pointer, metric, value
  from wide
  unpivot (value for metric in (sleep_total_s, sleep_light_s, sleep_deep_s, sleep_rem_s, sleep_awake_s, sleep_in_bed_s))
),
efficiency as (
  select raw_key, pointer, 'sleep_efficiency_pct' as metric, sleep_total_s / sleep_in_bed_s * 100e0 as value
  from wide
  where sleep_in_bed_s > 0e0 and sleep_total_s is not null
),
final as (
  select * from measured
  union all
  select * from efficiency
)
select * from final
