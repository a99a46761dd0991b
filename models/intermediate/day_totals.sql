-- a source's own daily totals of what adds up
with observations_in as (select * from observations_counted where kind = 'daily' and stat = 'sum'),
summed as (select metric from metrics where day_rule in ('SUMI', 'SUM', 'TOTAL')),
days as (select * from local_days),
final as (
  select
    o.user_id, o.local_date, o.metric, o.provider, o.account, coalesce(o.device, '') as device, o.source_type,
    cast(floor(o.value * 1000000e0 + 0.5e0) as bigint) as micro,
    coalesce(unix_seconds(o.start_utc), d.day_start_s) as start_s,
    -- without a length of its own a total is about the whole day
    case
      when unix_seconds(o.end_utc) > unix_seconds(o.start_utc) then unix_seconds(o.end_utc)
      else greatest(d.day_end_s, unix_seconds(o.start_utc) + 1)
    end as end_s,
    -- a whole day, stated or not, tells no more of when than the date does
    coalesce(unix_seconds(o.end_utc) - unix_seconds(o.start_utc) between 1 and least(d.day_end_s - d.day_start_s, 86400) - 1, false)
      as tells_when,
    o.raw_key, o.raw_pointer
  from observations_in o
  join summed m on m.metric = o.metric
  join days d on d.user_id = o.user_id and d.local_date = o.local_date
)
select * from final
