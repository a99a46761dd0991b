-- the bounds of every local day that holds anything (23 or 25 hours at a clock change), by the zone the person was in at its noon
with observed as (
  select distinct user_id, local_date from observations
  union
  select distinct user_id, local_date from samples
),
-- an interval of up to 48 hours reaches two days further
days as (
  select user_id, local_date from observed
  union
  select user_id, date_add(local_date, 1) as local_date from observed
  union
  select user_id, date_add(local_date, 2) as local_date from observed
  union
  select user_id, date_add(local_date, -1) as local_date from observed
),
zones as (select * from user_zones),
-- noon is read on the zone's own clock: who moves around noon may have two of them (the later zone counts) or none (the earlier)
ranked as (
  select
    d.user_id, d.local_date, z.zone,
    row_number() over (partition by d.user_id, d.local_date order by z.from_s desc) as latest
  from days d
  left join zones z
    on z.user_id = d.user_id
    and z.from_s <= unix_seconds(to_utc_timestamp(cast(d.local_date as timestamp), z.zone)) + 43200
),
zoned as (
  select user_id, local_date, coalesce(zone, 'UTC') as zone
  from ranked
  where latest = 1
),
final as (
  select
    user_id,
    local_date,
    zone,
    unix_seconds(to_utc_timestamp(cast(local_date as timestamp), zone)) as day_start_s,
    unix_seconds(to_utc_timestamp(cast(date_add(local_date, 1) as timestamp), zone)) as day_end_s
  from zoned
)
select * from final
