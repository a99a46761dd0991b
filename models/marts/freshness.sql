-- how far each metric of a provider reaches, when its next day is due, and what is known to be wrong; whether it is late now is for the reader
with rhythms as (select * from metric_rhythms),
connections as (select * from metric_connections),
refused as (select * from metric_refusals),
waiting as (select * from unfinished_fetches),
zones as (select * from user_zones),
-- the zone the person is in at noon of the day it is due on; facts say no later one
ended as (
  select
    r.user_id, r.provider, r.metric,
    to_utc_timestamp(cast(date_add(r.due_day, 1) as timestamp), coalesce(z.zone, 'UTC')) as expected_by,
    row_number() over (partition by r.user_id, r.provider, r.metric order by z.from_s desc) as latest
  from rhythms r
  left join zones z
    on z.user_id = r.user_id and z.from_s <= unix_seconds(to_utc_timestamp(cast(r.due_day as timestamp), z.zone)) + 43200
  where r.due_day is not null
),
joined as (
  select
    r.*, e.expected_by, coalesce(c.state, 'none') as state, c.account, c.cause as stated_cause, c.effective_ms,
    f.rule, f.received_ms as refused_ms, w.notice_ms,
    case
      when c.state is null or c.state = 'disconnected' then 'not_connected'
      when c.state <> 'active' then c.state
      when c.is_closed then 'scope_missing'
      when f.rule is not null then 'quarantined'
      when w.notice_ms is not null then 'unfinished_fetch'
    end as cause
  from rhythms r
  left join ended e on e.user_id = r.user_id and e.provider = r.provider and e.metric = r.metric and e.latest = 1
  left join connections c on c.user_id = r.user_id and c.provider = r.provider and c.metric = r.metric
  left join refused f on f.user_id = r.user_id and f.provider = r.provider and f.metric = r.metric
  left join waiting w on w.user_id = r.user_id and w.account = c.account
),
final as (
  select
    user_id, provider, metric, account, state, cause,
    case
      when cause = 'quarantined' then rule
      when cause in ('needs_reconnect', 'revoked', 'deregistered') then stated_cause
    end as cause_detail,
    case cause
      when 'not_connected' then 'connect'
      when 'needs_reconnect' then 'reconnect'
      when 'revoked' then 'reconnect'
      when 'deregistered' then 'reconnect'
      when 'scope_missing' then 'grant_scope'
      when 'quarantined' then 'look_at_quarantine'
      when 'unfinished_fetch' then 'wait'
    end as remedy,
    by_hand,
    cast(cadence_days as int) as cadence_days,
    first_day,
    last_day,
    expected_by,
    timestamp_millis(case cause
      when 'quarantined' then refused_ms
      when 'unfinished_fetch' then notice_ms
      else case when cause is not null then effective_ms end
    end) as cause_at
  from joined
)
select * from final
