-- what a source says of a day that its provider calls final before the three days are over: of a Garmin daily as long as the day,
-- of a sleep marked so that is the source's sleep of that night; of total energy when both its parts are
with measures_in as (select * from measures where rule is null and kind in ('daily', 'session')),
dailies as (select raw_key, pointer, start_s, end_s from stg_garmin__summaries where entity = 'daily'),
sleeps as (
  select
    r.raw_key, r.pointer,
    case when get_json_object(g.record, '$.validation') in ('AUTO_FINAL', 'ENHANCED_FINAL') then r.end_s end as final_s
  from sleep_ranks r
  join stg_garmin__sleeps g on g.raw_key = r.raw_key and g.pointer = r.pointer
  where r.source_rank = 1 and not r.is_nap
),
days as (select * from local_days),
marked as (
  select
    m.user_id, m.local_date, m.provider, m.account, coalesce(m.device, '') as device, m.metric,
    case when g.end_s - g.start_s >= d.day_end_s - d.day_start_s then d.day_end_s end as final_s
  from measures_in m
  join dailies g on g.raw_key = m.raw_key and g.pointer = m.pointer
  join days d on d.user_id = m.user_id and d.local_date = m.local_date
  union all
  select m.user_id, m.local_date, m.provider, m.account, coalesce(m.device, '') as device, m.metric, s.final_s
  from measures_in m
  join sleeps s on s.raw_key = m.raw_key and s.pointer = m.pointer
),
-- final when all that gave it is
given as (
  select user_id, local_date, provider, account, device, metric, max(final_s) as final_s
  from marked
  group by user_id, local_date, provider, account, device, metric
  having count(final_s) = count(*)
),
final as (
  select * from given
  union all
  select a.user_id, a.local_date, a.provider, a.account, a.device, 'energy_total_kcal' as metric, greatest(a.final_s, b.final_s) as final_s
  from given a
  join given b
    on b.user_id = a.user_id and b.local_date = a.local_date and b.provider = a.provider and b.account = a.account
    and b.device = a.device and b.metric = 'energy_basal_kcal'
  anti join marked t
    on t.user_id = a.user_id and t.local_date = a.local_date and t.provider = a.provider and t.account = a.account
    and t.device = a.device and t.metric = 'energy_total_kcal'
  where a.metric = 'energy_active_kcal'
)
select * from final
