with points as (select * from day_points),
types as (select source_type, cast(try_cast(rank as double) as int) as type_rank from source_priority),
grouped as (
  select
    p.user_id, p.local_date, p.metric, p.provider, p.account, p.device, p.day_rule,
    min(t.type_rank) as type_rank,
    cast(sum(case when p.stat in ('avg', 'raw', 'last') then p.micro end) as bigint) as sum_micro,
    cast(count(case when p.stat in ('avg', 'raw', 'last') then 1 end) as bigint) as n,
    min(case when p.stat in ('min', 'avg', 'raw', 'last') then p.value end) as value_min,
    max(case when p.stat in ('max', 'avg', 'raw', 'last') then p.value end) as value_max,
    max(case when p.place = 1 and p.stat in ('avg', 'raw', 'last') then p.value end) as value_first,
    max(case when p.place_from_end = 1 and p.stat in ('avg', 'raw', 'last') then p.value end) as value_last,
    max(case when p.is_daily = 1 then p.end_s - p.start_s end) as covered_s,
    cast(count(distinct p.raw_key || p.raw_pointer) as bigint) as n_observations
  from points p
  join types t on t.source_type = p.source_type
  group by p.user_id, p.local_date, p.metric, p.provider, p.account, p.device, p.day_rule
),
final as (
  select
    user_id, local_date, metric, provider, account, device, type_rank,
    case day_rule
      when 'AVG' then sum_micro / nullif(n, 0) / 1000000e0
      when 'MIN' then value_min
      when 'MAX' then value_max
      when 'FIRST' then value_first
      else value_last
    end as value,
    value_min, value_max, value_first, value_last, covered_s, n_observations
  from grouped
)
select * from final
