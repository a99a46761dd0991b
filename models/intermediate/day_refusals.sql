-- figures for a day that no day can hold, of a source or of all together, at the first of the records they were made from
with refused as (
  select user_id, local_date, metric, provider, account, device, value, is_more from candidates_judged where is_refused
  union all
  select user_id, local_date, metric, provider, account, device, value, is_more from sums_refused
),
made_from as (
  select user_id, local_date, metric, provider, account, device, start_s, raw_key, raw_pointer from interval_days
  union all
  select user_id, local_date, metric, provider, account, device, start_s, raw_key, raw_pointer from day_totals
  union all
  select
    user_id, local_date, metric, provider, account, coalesce(device, '') as device, unix_seconds(start_utc) as start_s, raw_key, raw_pointer
  from observations
),
-- a source that gives no total energy, no body mass index has them made from these
named as (
  select
    *,
    case metric when 'energy_active_kcal' then 'energy_total_kcal' when 'weight_kg' then 'bmi_kg_m2' else metric end as made
  from made_from
),
placed as (
  select
    r.user_id, r.local_date, r.metric, r.value, r.is_more, m.raw_key, m.raw_pointer,
    row_number() over (
      partition by r.user_id, r.local_date, r.metric, r.provider, r.account, r.device
      order by m.start_s, m.raw_key, length(m.raw_pointer), m.raw_pointer
    ) as place
  from refused r
  join named m
    on m.user_id = r.user_id and m.local_date = r.local_date and m.provider = r.provider and m.account = r.account
    and m.device = r.device and (m.metric = r.metric or m.made = r.metric)
),
final as (
  select
    user_id, local_date, metric, is_more, raw_key, raw_pointer as pointer,
    cast(cast(floor(value) as bigint) as string) as text
  from placed
  where place = 1
)
select * from final
