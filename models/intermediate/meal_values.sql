-- what was eaten at each meal, value by value, of the diary that counts that day
with measures_in as (select * from measures where rule is null and type = 'myfitnesspal.nutrition'),
rows_in as (select * from stg_myfitnesspal__nutrition),
-- of several diaries the one whose energy is the day's, so that meals and day tell the same
diaries as (
  select user_id, local_date, provider, account, min(rank) as diary_rank
  from daily_candidates
  where metric = 'diet_energy_kcal'
  group by user_id, local_date, provider, account
),
eaten as (
  select
    m.user_id,
    m.account,
    m.provider,
    m.local_date,
    coalesce(nullif(r.meal, ''), 'other') as meal,
    m.metric,
    cast(floor(m.value * 1000000e0 + 0.5e0) as bigint) as micro,
    m.raw_key,
    m.pointer,
    dense_rank() over (partition by m.user_id, m.local_date order by coalesce(d.diary_rank, 1000), m.account) as account_rank,
    cast(row_number() over (
      partition by m.user_id, m.account, m.local_date, coalesce(nullif(r.meal, ''), 'other')
      order by m.raw_key, length(m.pointer), m.pointer, m.metric
    ) as bigint) as place
  from measures_in m
  join rows_in r on r.raw_key = m.raw_key and r.pointer = m.pointer
  left join diaries d
    on d.user_id = m.user_id and d.local_date = m.local_date and d.provider = m.provider and d.account = m.account
),
final as (
  select user_id, account, provider, local_date, meal, metric, micro, raw_key, pointer, place
  from eaten
  where account_rank = 1
)
select * from final
