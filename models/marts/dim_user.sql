-- a person's settings by local day; every fact is a whole snapshot, the first one holds backwards
with facts as (select * from stg_wellspring__users),
owners as (select account, user_id from account_owners),
zones as (select * from user_zones),
stated as (
  select
    f.user_id, f.name, f.units, f.raw_key,
    row_number() over (partition by f.user_id order by f.effective_ms, f.sequence_n, f.raw_key) as step,
    f.effective_ms,
    coalesce(lead(f.effective_ms) over (partition by f.user_id order by f.effective_ms, f.sequence_n, f.raw_key), 9007199254740991)
      as until_ms
  from facts f
  semi join owners o on o.account = f.fact_account and o.user_id = f.user_id
  where f.effective_ms is not null
),
profiles as (
  select user_id, name, units, raw_key, case when step = 1 then 0 else effective_ms end as from_ms, until_ms from stated
),
placed as (
  select user_id, zone, raw_key, greatest(from_s, 0) * 1000 as from_ms, case when until_s < 9e12 then until_s * 1000 else until_s end as until_ms
  from zones
),
-- a zone may begin before or after it was said, so both make beginnings
moments as (
  select user_id, from_ms as at_ms from profiles
  union
  select user_id, from_ms as at_ms from placed
),
told as (
  select
    m.user_id, m.at_ms, p.name, z.zone, p.units,
    case when z.from_ms = m.at_ms and m.at_ms > 0 then z.raw_key else p.raw_key end as raw_key,
    case
      when m.at_ms = 0 then date '1970-01-01'
      else cast(from_utc_timestamp(timestamp_millis(m.at_ms), coalesce(z.zone, 'UTC')) as date)
    end as local_date
  from moments m
  join profiles p on p.user_id = m.user_id and p.from_ms <= m.at_ms and m.at_ms < p.until_ms
  left join placed z on z.user_id = m.user_id and z.from_ms <= m.at_ms and m.at_ms < z.until_ms
),
-- who flies over the date line comes to an earlier date: what is later still holds from no earlier day on
dated as (
  select *, max(local_date) over (partition by user_id order by at_ms rows between unbounded preceding and current row) as valid_from
  from told
),
-- of what began on one day the last holds
days as (
  select * from (
    select *, row_number() over (partition by user_id, valid_from order by at_ms desc) as newest from dated
  ) d
  where newest = 1
),
compared as (
  select
    *,
    lag(valid_from) over (partition by user_id order by valid_from) is null
      or name is distinct from lag(name) over (partition by user_id order by valid_from)
      or zone is distinct from lag(zone) over (partition by user_id order by valid_from)
      or units is distinct from lag(units) over (partition by user_id order by valid_from) as is_new
  from days
),
final as (
  select
    user_id,
    name,
    zone,
    units,
    raw_key,
    valid_from,
    coalesce(date_sub(lead(valid_from) over (partition by user_id order by valid_from), 1), date '9999-12-31') as valid_to
  from compared
  where is_new
)
select * from final
