-- the connection a metric is to be expected of: one that stands before one that ended, then the one that gave its newest day
with rhythms as (select user_id, provider, metric from metric_rhythms),
states as (select * from connection_states),
scopes_in as (select type, scope from type_scopes),
given as (
  select user_id, account, metric, max(local_date) as last_day from metric_days group by user_id, account, metric
),
types as (select distinct user_id, provider, metric, account, type from metric_days),
ranked as (
  select
    r.user_id, r.provider, r.metric, s.account, s.kind, s.state, s.scopes, s.cause, s.effective_ms,
    row_number() over (
      partition by r.user_id, r.provider, r.metric
      order by
        case when s.state = 'disconnected' then 1 else 0 end, coalesce(g.last_day, date '0001-01-01') desc, s.effective_ms desc,
        s.account
    ) as place
  from rhythms r
  join states s on s.user_id = r.user_id and s.provider = r.provider
  left join given g on g.user_id = r.user_id and g.account = s.account and g.metric = r.metric
),
chosen as (select * from ranked where place = 1),
-- a metric is closed when no type that ever held it is allowed any more
closed as (
  select
    c.user_id, c.provider, c.metric,
    min(case when t.scope is not null and instr(c.scopes, '"' || t.scope || '"') = 0 then 1 else 0 end) = 1 as is_closed
  from chosen c
  join types h on h.user_id = c.user_id and h.provider = c.provider and h.metric = c.metric
  left join scopes_in t on t.type = h.type
  where c.kind = 'oauth'
  group by c.user_id, c.provider, c.metric
),
final as (
  select
    c.user_id, c.provider, c.metric, c.account, c.kind, c.state, c.cause, c.effective_ms,
    coalesce(d.is_closed, false) as is_closed
  from chosen c
  left join closed d on d.user_id = c.user_id and d.provider = c.provider and d.metric = c.metric
)
select * from final
