-- the order a person put sources in, by metric and by day: an order holds from the local day it was said on, the first one backwards
with users as (select * from stg_wellspring__users),
zones as (select * from user_zones),
said as (
  select
    u.user_id,
    u.priority,
    cast(from_utc_timestamp(timestamp_millis(u.effective_ms), coalesce(z.zone, 'UTC')) as date) as said_date,
    u.effective_ms,
    u.sequence_n
  from users u
  left join zones z
    on z.user_id = u.user_id and z.from_s <= cast(floor(u.effective_ms / 1000e0) as bigint)
    and cast(floor(u.effective_ms / 1000e0) as bigint) < z.until_s
  where u.user_id is not null
),
-- every fact is a whole snapshot: of those of one day the last holds
ranked as (
  select *, row_number() over (partition by user_id, said_date order by effective_ms desc, sequence_n desc) as newest
  from said
),
dated as (
  select
    user_id, priority, said_date,
    coalesce(lead(said_date) over (partition by user_id order by said_date), date '9999-12-31') as until_date
  from ranked
  where newest = 1
),
metrics_named as (select user_id, priority, said_date, until_date, explode(json_object_keys(priority)) as metric from dated),
lists as (
  select user_id, metric, said_date, until_date, get_json_object(priority, '$.' || metric) as providers
  from metrics_named
),
ordered as (
  select *, row_number() over (partition by user_id, metric order by said_date) as step
  from lists
  where json_array_length(providers) > 0
),
places as (
  select
    explode(sequence(0, json_array_length(providers) - 1)) as place,
    user_id, metric, providers, until_date,
    case when step = 1 then date '0001-01-01' else said_date end as from_date
  from ordered
),
named as (
  select
    user_id, metric, from_date, until_date,
    get_json_object(providers, '$[' || cast(place as string) || ']') as provider,
    cast(place as int) as place
  from places
),
final as (
  select user_id, metric, provider, from_date, until_date, min(place) + 1 as user_rank
  from named
  where provider is not null
  group by user_id, metric, provider, from_date, until_date
)
select * from final
