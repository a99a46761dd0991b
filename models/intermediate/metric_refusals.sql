-- what was refused since a metric came last, where it could have held the metric
with rhythms as (select * from metric_rhythms),
zones as (select * from user_zones),
refused as (
  select distinct
    user_id, provider, account, type, received_ms, rule,
    nullif(regexp_extract(field, '^([^.]*)', 1), '') as metric
  from refusals
  -- what is another person's of the household is nobody's fault
  where user_id is not null and rule <> 'ambiguous_user'
),
-- what they held of whom anything was refused at all
types as (
  select distinct m.user_id, m.account, m.type, m.metric
  from metric_days m
  join (select distinct user_id, account from refused) r on r.user_id = m.user_id and r.account = m.account
),
accounts as (select distinct user_id, account, metric from types),
-- a value that was refused is of its metric, a record or an object of what its type ever held
held as (
  select user_id, provider, metric, rule, received_ms from refused where metric is not null
  union all
  select r.user_id, r.provider, t.metric, r.rule, r.received_ms
  from refused r
  join types t on t.user_id = r.user_id and t.account = r.account and t.type = r.type
  where r.metric is null and r.rule <> 'no_reader'
),
judged as (
  select h.*
  from held h
  join rhythms m on m.user_id = h.user_id and m.provider = h.provider and m.metric = h.metric
  where h.received_ms > m.received_ms
  union all
  -- a type nobody reads may hold anything: it counts for every metric of which no later day came
  select r.user_id, r.provider, a.metric, r.rule, r.received_ms
  from refused r
  join accounts a on a.user_id = r.user_id and a.account = r.account
  join rhythms m on m.user_id = r.user_id and m.provider = r.provider and m.metric = a.metric
  left join zones z
    on z.user_id = r.user_id
    and z.from_s <= cast(floor(r.received_ms / 1000e0) as bigint) and cast(floor(r.received_ms / 1000e0) as bigint) < z.until_s
  where r.rule = 'no_reader' and m.last_day <= cast(from_utc_timestamp(timestamp_millis(r.received_ms), coalesce(z.zone, 'UTC')) as date)
),
ordered as (
  select
    *,
    row_number() over (partition by user_id, provider, metric order by received_ms, rule) as place
  from judged
),
final as (
  select user_id, provider, metric, rule, received_ms from ordered where place = 1
)
select * from final
