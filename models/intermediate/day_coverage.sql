-- seconds of the local day that the counted sources lie in
with ranked as (
  select c.user_id, c.local_date, c.metric, c.provider, c.account, c.device
  from daily_candidates c
  join metrics m on m.metric = c.metric
  where c.rank = 1 or (m.day_rule = 'SUMI' and c.counted is not null)
),
-- a source that counts by its total knows the whole time of that record, whatever intervals it has inside
counted_whole as (
  select user_id, local_date, metric, min(rank) as rank
  from candidates
  where total_micro is not null
  group by user_id, local_date, metric
),
whole as (
  select c.user_id, c.local_date, c.metric, c.provider, c.account, c.device
  from candidates c
  join counted_whole w on w.user_id = c.user_id and w.local_date = c.local_date and w.metric = c.metric and w.rank = c.rank
),
stretches as (
  select user_id, local_date, metric, provider, account, device, start_s, end_s from day_stretches
  union all
  select t.user_id, t.local_date, t.metric, t.provider, t.account, t.device, t.start_s, t.end_s
  from day_totals t
  semi join whole w
    on w.user_id = t.user_id and w.local_date = t.local_date and w.metric = t.metric and w.provider = t.provider
    and w.account = t.account and w.device = t.device
),
days as (select * from local_days),
clipped as (
  select
    s.user_id, s.local_date, s.metric,
    greatest(s.start_s, d.day_start_s) as start_s,
    least(s.end_s, d.day_end_s) as end_s
  from stretches s
  join ranked r
    on r.user_id = s.user_id and r.local_date = s.local_date and r.metric = s.metric and r.provider = s.provider
    and r.account = s.account and r.device = s.device
  join days d on d.user_id = s.user_id and d.local_date = s.local_date
),
reached as (
  select
    *,
    max(end_s) over (
      partition by user_id, local_date, metric order by start_s, end_s
      rows between unbounded preceding and 1 preceding
    ) as reached_s
  from clipped
  where end_s > start_s
),
final as (
  select
    user_id, local_date, metric,
    cast(sum(greatest(end_s - greatest(start_s, coalesce(reached_s, start_s)), 0)) as bigint) as covered_s
  from reached
  group by user_id, local_date, metric
)
select * from final
