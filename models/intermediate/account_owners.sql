with connections as (select * from stg_wellspring__connections),
users as (select * from stg_wellspring__users),
ordered as (
  select
    *,
    row_number() over (partition by account order by effective_ms, sequence_n, connection_id, fact_account) as step
  from connections
  where account is not null and user_id is not null
),
active as (
  select
    account,
    provider,
    user_id,
    connection_id,
    step,
    lead(step) over (partition by account order by step) as next_step,
    lead(effective_ms) over (partition by account order by step) as next_ms
  from ordered
  where state = 'active'
),
-- only its own disconnection ends a connection, and only while it is the one in force
ended as (
  select a.account, a.step, min(o.effective_ms) as ended_ms
  from active a
  join ordered o
    on o.account = a.account and o.connection_id = a.connection_id and o.state = 'disconnected'
    and o.step > a.step and (a.next_step is null or o.step < a.next_step)
  group by a.account, a.step
),
bounded as (
  select a.*, coalesce(e.ended_ms, a.next_ms, 9007199254740991) as until_ms
  from active a
  left join ended e on e.account = a.account and e.step = a.step
),
-- the first holds backwards; the next takes over what came after the one before it ended
spans as (
  select
    account,
    provider,
    user_id,
    connection_id,
    coalesce(lag(until_ms) over (partition by account order by step), 0) as from_ms,
    until_ms
  from bounded
),
own as (
  select fact_account as account, user_id from users
  union
  select fact_account as account, user_id from connections
),
final as (
  select account, provider, user_id, connection_id, from_ms, until_ms from spans where from_ms < until_ms
  union all
  select
    account,
    'wellspring' as provider,
    min(user_id) as user_id,
    cast(null as string) as connection_id,
    cast(0 as bigint) as from_ms,
    9007199254740991 as until_ms
  from own
  where user_id is not null
  group by account
)
select * from final
