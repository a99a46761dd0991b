-- for every lower source: the stretches of the day that the sources above it cover, joined where they touch
with ranked as (
  select user_id, local_date, metric, provider, account, device, rank
  from candidates
  where metric in (select metric from metrics where day_rule = 'SUMI')
),
stretches as (select * from day_stretches),
below as (select * from ranked where rank > 1),
shared as (select distinct user_id, local_date, metric from below),
placed as (
  select r.user_id, r.local_date, r.metric, r.rank, s.start_s, s.end_s
  from ranked r
  semi join shared d on d.user_id = r.user_id and d.local_date = r.local_date and d.metric = r.metric
  join stretches s
    on s.user_id = r.user_id and s.local_date = r.local_date and s.metric = r.metric and s.provider = r.provider
    and s.account = r.account and s.device = r.device
),
-- distinct, or two windows could order equal stretches differently and join what does not touch
above as (
  select distinct l.user_id, l.local_date, l.metric, l.rank, p.start_s, p.end_s
  from below l
  join placed p on p.user_id = l.user_id and p.local_date = l.local_date and p.metric = l.metric and p.rank < l.rank
),
reached as (
  select
    *,
    max(end_s) over (
      partition by user_id, local_date, metric, rank order by start_s, end_s
      rows between unbounded preceding and 1 preceding
    ) as reached_s
  from above
),
islands as (
  select
    *,
    cast(sum(case when reached_s is null or start_s > reached_s then 1 else 0 end) over (
      partition by user_id, local_date, metric, rank order by start_s, end_s
      rows between unbounded preceding and current row
    ) as bigint) as island
  from reached
),
final as (
  select user_id, local_date, metric, rank, island, min(start_s) as start_s, max(end_s) as end_s
  from islands
  group by user_id, local_date, metric, rank, island
)
select * from final
