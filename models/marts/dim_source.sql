-- every source a stored value, night or workout names; without a device it is called by its provider alone
with measures_in as (select user_id, provider, account, device, source_type from measures where rule is null),
samples_in as (select user_id, provider, account, device, source_type from samples),
sleeps_in as (select user_id, provider, account, device, source_type from sleep_sessions),
workouts_in as (select user_id, provider, account, device, raw_key, raw_pointer from workouts),
contexts_in as (select raw_key, pointer, source_type from workout_contexts),
types as (select source_type, cast(try_cast(rank as double) as int) as type_rank from source_priority),
said as (
  select user_id, provider, account, device, source_type from measures_in
  union all
  select user_id, provider, account, device, source_type from samples_in
  union all
  select user_id, provider, account, device, source_type from sleeps_in
  union all
  select w.user_id, w.provider, w.account, w.device, c.source_type
  from workouts_in w
  join contexts_in c on c.raw_key = w.raw_key and c.pointer = w.raw_pointer
),
-- rows an app merged may each name another kind of device: believed as the best of them
best as (
  select s.user_id, s.provider, s.account, coalesce(s.device, '') as device, min(t.type_rank) as type_rank
  from said s
  join types t on t.source_type = s.source_type
  group by s.user_id, s.provider, s.account, coalesce(s.device, '')
),
final as (
  select
    b.user_id,
    b.provider,
    b.account,
    b.device,
    case when b.device = '' then b.provider else b.provider || '/' || b.device end as source,
    t.source_type,
    b.type_rank as priority
  from best b
  join types t on t.type_rank = b.type_rank
)
select * from final
