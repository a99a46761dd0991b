-- the days on which an account said something of a metric, and what it was read from
with observed as (
  select user_id, provider, account, metric, local_date, raw_key, source_type from observations
  union all
  select user_id, provider, account, metric, local_date, raw_key, source_type from samples
),
payloads_in as (select raw_key, type, received_ms from payloads),
grouped as (
  select
    user_id, provider, account, metric, local_date, raw_key,
    min(case when source_type in ('manual', 'scale', 'cuff') then 1 else 0 end) as is_by_hand,
    min(source_type) as source_type
  from observed
  group by user_id, provider, account, metric, local_date, raw_key
),
final as (
  select
    g.user_id, g.provider, g.account, p.type, g.metric, g.local_date,
    min(g.is_by_hand) as is_by_hand,
    min(g.source_type) as source_type,
    max(p.received_ms) as received_ms
  from grouped g
  join payloads_in p on p.raw_key = g.raw_key
  group by g.user_id, g.provider, g.account, p.type, g.metric, g.local_date
)
select * from final
