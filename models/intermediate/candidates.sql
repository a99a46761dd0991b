-- what each source would say of each day, in order of who is believed
with summed as (select * from candidates_summed),
measured as (select * from candidates_measured where value is not null),
nights as (select * from candidates_night),
derived as (select * from candidates_derived),
priorities as (select * from user_priorities),
stacked as (
  select
    user_id, local_date, metric, provider, account, device, type_rank, 0 as main_rank, micro / 1000000e0 as value,
    cast(null as double) as value_min, cast(null as double) as value_max,
    cast(null as double) as value_first, cast(null as double) as value_last,
    located_micro, total_micro, micro, cast(null as bigint) as covered_s, n_observations
  from summed
  union all
  select
    user_id, local_date, metric, provider, account, device, type_rank, 0 as main_rank, value,
    value_min, value_max, value_first, value_last,
    cast(null as bigint) as located_micro, cast(null as bigint) as total_micro, cast(null as bigint) as micro, covered_s, n_observations
  from measured
  union all
  select
    user_id, local_date, metric, provider, account, device, type_rank, case when is_main then 0 else 1 end as main_rank, value,
    value_min, value_max, cast(null as double) as value_first, cast(null as double) as value_last,
    cast(null as bigint) as located_micro, cast(null as bigint) as total_micro, cast(null as bigint) as micro, covered_s, n_observations
  from nights
  union all
  select
    user_id, local_date, metric, provider, account, device, type_rank, 0 as main_rank, value,
    cast(null as double) as value_min, cast(null as double) as value_max,
    cast(null as double) as value_first, cast(null as double) as value_last,
    cast(null as bigint) as located_micro, cast(null as bigint) as total_micro, cast(null as bigint) as micro,
    cast(null as bigint) as covered_s, n_observations
  from derived
),
final as (
  select
    s.*,
    case when s.device = '' then s.provider else s.provider || '/' || s.device end as source,
    cast(row_number() over (
      partition by s.user_id, s.local_date, s.metric
      order by coalesce(p.user_rank, 1000), s.main_rank, s.type_rank, s.n_observations desc, s.provider, s.account, s.device
    ) as int) as rank
  from stacked s
  left join priorities p on p.user_id = s.user_id and p.metric = s.metric and p.provider = s.provider
)
select * from final
