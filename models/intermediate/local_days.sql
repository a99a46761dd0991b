-- the bounds of every local day that holds anything, by the zone the person was in at its noon (23 or 25 hours at a clock change)
with observed as (
  select distinct user_id, local_date from observations
  union
  select distinct user_id, local_date from samples
),
-- an interval that ends after midnight reaches the day after
days as (
  select user_id, local_date from observed
  union
  select user_id, date_add(local_date, 1) as local_date from observed
  union
  select user_id, date_add(local_date, -1) as local_date from observed
),
zones as (select * from user_zones),
zoned as (
  select d.user_id, d.local_date, coalesce(z.zone, 'UTC') as zone
  from days d
  left join zones z
    on z.user_id = d.user_id
    and z.from_s <= cast(unix_date(d.local_date) as bigint) * 86400 + 43200
    and cast(unix_date(d.local_date) as bigint) * 86400 + 43200 < z.until_s
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
