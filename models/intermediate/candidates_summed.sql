-- per source: what it located in time, and its own total where it has one
with stretches as (select * from day_stretches),
totals as (select * from day_totals),
stacked as (
  select
    user_id, local_date, metric, provider, account, device, source_type,
    micro as located_micro, cast(null as bigint) as total_micro, case when is_interval then 1 else 0 end as n
  from stretches
  union all
  select
    user_id, local_date, metric, provider, account, device, source_type,
    cast(null as bigint) as located_micro, micro as total_micro, 1 as n
  from totals
),
types as (select source_type, cast(try_cast(rank as double) as int) as type_rank from source_priority),
final as (
  select
    s.user_id, s.local_date, s.metric, s.provider, s.account, s.device,
    min(t.type_rank) as type_rank,
    cast(sum(s.located_micro) as bigint) as located_micro,
    cast(sum(s.total_micro) as bigint) as total_micro,
    coalesce(cast(sum(s.total_micro) as bigint), cast(sum(s.located_micro) as bigint)) as micro,
    cast(sum(s.n) as bigint) as n_observations
  from stacked s
  join types t on t.source_type = s.source_type
  group by s.user_id, s.local_date, s.metric, s.provider, s.account, s.device
)
select * from final
