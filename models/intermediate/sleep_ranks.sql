-- sleeps that can be believed, and where each stands: longest of its day, and its source's place in the order;
-- what its provider calls a nap is never the main sleep, not even alone
with records_in as (select * from records_timed where entity in ('sleep', 'night', 'nap') and implausible is null),
session_values_in as (select * from session_values),
priorities as (select * from user_priorities where metric = 'sleep_total_s'),
types as (select source_type, cast(try_cast(rank as double) as int) as type_rank from source_priority),
sleeps as (
  select
    substring(sha2(concat_ws('|', r.account, r.type, r.entity, r.key), 256), 1, 32) as session_id,
    r.*,
    r.entity = 'nap' as is_nap,
    coalesce(v.asleep_s, 0e0) as length_n,
    coalesce(p.user_rank, 1000) as user_rank,
    coalesce(t.type_rank, 100) as type_rank
  from records_in r
  left join session_values_in v on v.raw_key = r.raw_key and v.pointer = r.pointer
  left join priorities p
    on p.user_id = r.user_id and p.provider = r.provider and p.from_date <= r.local_date and r.local_date < p.until_date
  left join types t on t.source_type = r.source_type
),
longest as (
  select
    *,
    cast(row_number() over (
      partition by user_id, local_date
      order by case when is_nap then 1 else 0 end, length_n desc, end_s - start_s desc, user_rank, type_rank, provider, account,
        device, start_s, session_id
    ) as bigint) as length_rank
  from sleeps
),
-- a better source's record of the same night is the main one, if it saw at least half of it
rivals as (
  select
    o.user_id,
    o.session_id,
    row_number() over (
      partition by o.user_id, o.local_date
      order by o.user_rank, o.type_rank, o.length_rank, o.session_id
    ) as choice
  from longest o
  join longest l on l.user_id = o.user_id and l.local_date = o.local_date and l.length_rank = 1 and not l.is_nap
  where not o.is_nap and (
    o.session_id = l.session_id
    or (
      (o.provider <> l.provider or o.account <> l.account or coalesce(o.device, '') <> coalesce(l.device, ''))
      and least(o.end_s, l.end_s) - greatest(o.start_s, l.start_s) >= (l.end_s - l.start_s) / 2e0
    )
  )
),
final as (
  select
    l.*,
    coalesce(r.choice, 0) = 1 as is_main,
    cast(row_number() over (
      partition by l.user_id, l.local_date, l.provider, l.account, coalesce(l.device, '')
      order by case when r.choice = 1 then 0 else 1 end, l.length_rank
    ) as bigint) as source_rank
  from longest l
  left join rivals r on r.user_id = l.user_id and r.session_id = l.session_id
)
select * from final
