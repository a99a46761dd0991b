-- values their provider calls final before the three days are over: of a Garmin daily as long as the day, of a sleep marked so
with measures_in as (select * from measures where rule is null),
dailies as (select raw_key, pointer, start_s, end_s from stg_garmin__dailies),
sleeps as (
  select raw_key, pointer, end_s
  from stg_garmin__sleeps
  where get_json_object(record, '$.validation') in ('AUTO_FINAL', 'ENHANCED_FINAL')
),
days as (select * from local_days),
marked as (
  select m.user_id, m.local_date, m.provider, m.account, m.metric, d.day_end_s as final_s
  from measures_in m
  join dailies g on g.raw_key = m.raw_key and g.pointer = m.pointer
  join days d on d.user_id = m.user_id and d.local_date = m.local_date
  where g.end_s - g.start_s >= d.day_end_s - d.day_start_s
  union all
  select m.user_id, m.local_date, m.provider, m.account, m.metric, s.end_s as final_s
  from measures_in m
  join sleeps s on s.raw_key = m.raw_key and s.pointer = m.pointer
),
final as (
  select user_id, local_date, provider, account, metric, max(final_s) as final_s
  from marked
  group by user_id, local_date, provider, account, metric
)
select * from final
