-- readings of what is averaged or chosen: the day's samples of a source when it has any, else its daily figures
with chosen as (select metric, day_rule from metrics where day_rule in ('AVG', 'MIN', 'MAX', 'LAST', 'FIRST')),
observations_in as (
  select *
  from observations
  where kind in ('sample', 'interval', 'daily') and metric in (select metric from chosen)
),
samples_in as (select * from samples),
stacked as (
  select
    o.user_id, o.local_date, o.metric, o.provider, o.account, coalesce(o.device, '') as device, o.source_type, o.stat, o.value,
    case when o.kind = 'daily' then 1 else 0 end as is_daily,
    coalesce(unix_seconds(o.start_utc), -9007199254740991) as at_s,
    unix_seconds(o.start_utc) as start_s,
    unix_seconds(o.end_utc) as end_s,
    o.raw_key, o.raw_pointer
  from observations_in o
  union all
  select
    user_id, local_date, metric, provider, account, coalesce(device, '') as device, source_type, 'raw' as stat, value,
    0 as is_daily, unix_seconds(at_utc) as at_s, unix_seconds(at_utc) as start_s, unix_seconds(at_utc) as end_s, raw_key, raw_pointer
  from samples_in
),
leveled as (
  select
    s.*,
    c.day_rule,
    cast(floor(s.value * 1000000e0 + 0.5e0) as bigint) as micro,
    min(s.is_daily) over (partition by s.user_id, s.local_date, s.metric, s.provider, s.account, s.device) as level
  from stacked s
  join chosen c on c.metric = s.metric
),
final as (
  select
    *,
    cast(row_number() over (
      partition by user_id, local_date, metric, provider, account, device
      order by case when stat in ('avg', 'raw', 'last') then 0 else 1 end, at_s, raw_key, length(raw_pointer), raw_pointer, stat
    ) as bigint) as place,
    cast(row_number() over (
      partition by user_id, local_date, metric, provider, account, device
      order by case when stat in ('avg', 'raw', 'last') then 0 else 1 end, at_s desc, raw_key desc, length(raw_pointer) desc,
        raw_pointer desc, stat
    ) as bigint) as place_from_end
  from leveled
  where is_daily = level
)
select * from final
