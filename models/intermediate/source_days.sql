-- what a source was believed to be on each day it gave a value, a night or a workout; without a device it is called by its provider alone
with measures_in as (select user_id, provider, account, device, local_date, source_type from measures where rule is null),
samples_in as (select user_id, provider, account, device, local_date, source_type from samples),
sleeps_in as (select user_id, provider, account, device, local_date, source_type from sleep_sessions),
workouts_in as (select user_id, provider, account, device, local_date, raw_key, raw_pointer from workouts),
contexts_in as (select raw_key, pointer, source_type from workout_contexts),
types as (select source_type, cast(try_cast(rank as double) as int) as type_rank from source_priority),
said as (
  select user_id, provider, account, device, local_date, source_type from measures_in
  union all
  select user_id, provider, account, device, local_date, source_type from samples_in
  union all
  select user_id, provider, account, device, local_date, source_type from sleeps_in
  union all
  select w.user_id, w.provider, w.account, w.device, w.local_date, c.source_type
  from workouts_in w
  join contexts_in c on c.raw_key = w.raw_key and c.pointer = w.raw_pointer
),
-- rows an app merged may each name another kind of device: believed as the best of them
final as (
  select s.user_id, s.provider, s.account, coalesce(s.device, '') as device, s.local_date, min(t.type_rank) as type_rank
  from said s
  join types t on t.source_type = s.source_type
  group by s.user_id, s.provider, s.account, coalesce(s.device, ''), s.local_date
)
select * from final
