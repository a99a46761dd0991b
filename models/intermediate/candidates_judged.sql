-- what each source would say of each day, and whether a day can hold that
with summed as (select * from candidates_summed),
measured as (select * from candidates_measured where value is not null),
nights as (select * from candidates_night),
derived as (select * from candidates_derived),
ranges as (select * from measure_ranges where family = 'metric'),
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
  select s.*, s.value > r.max_n as is_more, coalesce(s.value < r.min_n or s.value > r.max_n, false) as is_refused
  from stacked s
  join ranges r on r.metric = s.metric
)
select * from final
