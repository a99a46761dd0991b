-- what each source says of a night: values of its own main session first, then samples inside it, then values it dated to that night itself
with measures_in as (select * from measures where rule is null and kind = 'session'),
sleeps as (select * from sleep_ranks where source_rank = 1 and not is_nap),
-- samples name no session: they are looked for in the account's best one, or one inside two would count twice
homes as (
  select *
  from (
    select
      *,
      row_number() over (
        partition by user_id, local_date, provider, account
        order by case when is_main then 0 else 1 end, length_rank
      ) as home
    from sleeps
  ) s
  where home = 1
),
nightly as (select metric from metrics where day_rule = 'NIGHT'),
observations_in as (
  select
    user_id, local_date, metric, provider, account, device, source_type, kind, start_utc, value, raw_key, raw_pointer
  from observations
  where kind in ('sample', 'interval', 'daily') and metric in (select metric from nightly)
  union all
  select
    user_id, local_date, metric, provider, account, device, source_type, 'sample' as kind, at_utc as start_utc, value, raw_key, raw_pointer
  from samples
  where metric in (select metric from nightly)
),
of_session as (
  select
    s.user_id, s.local_date, m.metric, s.provider, s.account, coalesce(s.device, '') as device, s.source_type, m.value, 1 as level, s.is_main,
    s.end_s - s.start_s as covered_s, m.raw_key, m.field_pointer as raw_pointer
  from sleeps s
  join measures_in m on m.raw_key = s.raw_key and m.pointer = s.pointer
  join nightly n on n.metric = m.metric
),
within as (
  select
    s.user_id, s.local_date, o.metric, s.provider, s.account, coalesce(o.device, '') as device, o.source_type, o.value, 2 as level, s.is_main,
    s.end_s - s.start_s as covered_s, o.raw_key, o.raw_pointer
  from homes s
  join observations_in o
    on o.user_id = s.user_id and o.provider = s.provider and o.account = s.account and o.kind <> 'daily'
    and o.local_date between date_add(s.local_date, -1) and s.local_date
    and unix_seconds(o.start_utc) >= s.start_s and unix_seconds(o.start_utc) <= s.end_s
),
dated as (
  select
    o.user_id, o.local_date, o.metric, o.provider, o.account, coalesce(o.device, '') as device, o.source_type, o.value, 3 as level,
    false as is_main, cast(null as bigint) as covered_s, o.raw_key, o.raw_pointer
  from observations_in o
  where o.kind = 'daily'
),
stacked as (
  select * from of_session
  union all
  select * from within
  union all
  select * from dated
),
final as (
  select
    *,
    cast(floor(value * 1000000e0 + 0.5e0) as bigint) as micro,
    min(level) over (partition by user_id, local_date, metric, provider, account, device) as best_level
  from stacked
)
select * from final
