with users as (select * from stg_wellspring__users),
ranked as (
  select
    user_id,
    priority,
    row_number() over (partition by user_id order by effective_ms desc, sequence_n desc) as newest
  from users
  where user_id is not null
),
metrics_named as (
  select user_id, priority, explode(json_object_keys(priority)) as metric
  from ranked
  where newest = 1
),
lists as (
  select user_id, metric, get_json_object(priority, '$.' || metric) as providers
  from metrics_named
),
places as (
  select user_id, metric, providers, explode(sequence(0, json_array_length(providers) - 1)) as place
  from lists
  where json_array_length(providers) > 0
),
named as (
  select
    user_id,
    metric,
    get_json_object(providers, '$[' || cast(place as string) || ']') as provider,
    cast(place as int) as place
  from places
),
final as (
  select user_id, metric, provider, min(place) + 1 as user_rank
  from named
  where provider is not null
  group by user_id, metric, provider
)
select * from final
