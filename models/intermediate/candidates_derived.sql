-- total energy of a source that gives none: active and basal of the same source; body mass index: weight by the height known by then
with summed as (select * from candidates_summed),
measured as (select * from candidates_measured),
heights as (select user_id, local_date, value, raw_key, raw_pointer, start_utc from observations where metric = 'height_m'),
energy as (
  select
    a.user_id, a.local_date, 'energy_total_kcal' as metric, a.provider, a.account, a.device, least(a.type_rank, b.type_rank) as type_rank,
    (a.micro + b.micro) / 1000000e0 as value, a.n_observations + b.n_observations as n_observations
  from summed a
  join summed b
    on b.user_id = a.user_id and b.local_date = a.local_date and b.provider = a.provider and b.account = a.account and b.device = a.device
    and b.metric = 'energy_basal_kcal'
  left join summed given
    on given.user_id = a.user_id and given.local_date = a.local_date and given.provider = a.provider and given.account = a.account
    and given.device = a.device and given.metric = 'energy_total_kcal'
  where a.metric = 'energy_active_kcal' and given.metric is null
),
bodies as (
  select
    w.user_id, w.local_date, w.provider, w.account, w.device, w.type_rank, w.value as weight_kg, h.value as height_m,
    row_number() over (
      partition by w.user_id, w.local_date, w.provider, w.account, w.device
      order by h.local_date desc, h.start_utc desc, h.raw_key desc, h.raw_pointer desc
    ) as newest
  from measured w
  join heights h on h.user_id = w.user_id and h.local_date <= w.local_date
  left join measured given
    on given.user_id = w.user_id and given.local_date = w.local_date and given.provider = w.provider and given.account = w.account
    and given.device = w.device and given.metric = 'bmi_kg_m2'
  where w.metric = 'weight_kg' and given.metric is null
),
final as (
  select * from energy
  union all
  select
    user_id, local_date, 'bmi_kg_m2' as metric, provider, account, device, type_rank,
    weight_kg / (height_m * height_m) as value, cast(2 as bigint) as n_observations
  from bodies
  where newest = 1
)
select * from final
