-- how the tie between a person and an account stands by the newest fact
with connections as (
  select * from stg_wellspring__connections where account is not null and user_id is not null
),
ordered as (
  select
    *,
    row_number() over (
      partition by user_id, account
      order by effective_ms desc, sequence_n desc, connection_id desc, fact_account desc
    ) as age
  from connections
),
ended as (
  select user_id, account, max(effective_ms) as ended_ms from connections where state = 'disconnected' group by user_id, account
),
begun as (
  select c.user_id, c.account, min(c.effective_ms) as connected_ms
  from connections c
  left join ended e on e.user_id = c.user_id and e.account = c.account
  where c.state = 'active' and c.effective_ms >= coalesce(e.ended_ms, 0)
  group by c.user_id, c.account
),
final as (
  select o.user_id, o.provider, o.account, o.connection_id, o.kind, o.state, o.scopes, o.cause, o.effective_ms, b.connected_ms
  from ordered o
  left join begun b on b.user_id = o.user_id and b.account = o.account
  where o.age = 1
)
select * from final
