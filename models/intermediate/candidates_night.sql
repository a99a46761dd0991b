with points as (select * from night_points where level = best_level),
metrics_in as (select metric, value_stat from metrics),
types as (select source_type, cast(try_cast(rank as double) as int) as type_rank from source_priority),
grouped as (
  select
    p.user_id, p.local_date, p.metric, p.provider, p.account, p.device, m.value_stat,
    min(t.type_rank) as type_rank,
    bool_or(p.is_main) as is_main,
    cast(sum(p.micro) as bigint) as sum_micro,
    cast(count(*) as bigint) as n_observations,
    min(p.value) as value_min,
    max(p.value) as value_max,
    max(p.covered_s) as covered_s
  from points p
  join metrics_in m on m.metric = p.metric
  join types t on t.source_type = p.source_type
  group by p.user_id, p.local_date, p.metric, p.provider, p.account, p.device, m.value_stat
),
final as (
  select
    user_id, local_date, metric, provider, account, device, type_rank, is_main,
    case value_stat
      when 'sum' then sum_micro / 1000000e0
      when 'min' then value_min
      when 'max' then value_max
      else sum_micro / n_observations / 1000000e0
    end as value,
    value_min, value_max, covered_s, n_observations
  from grouped
)
select * from final
