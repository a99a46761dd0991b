-- of what each source located: how much lies inside time that sources above it cover, in proportion to time
with ranked as (
  select user_id, local_date, metric, provider, account, device, rank
  from candidates
  where rank > 1
),
stretches as (select * from day_stretches),
cover as (select * from interval_cover),
overlapping as (
  select
    r.user_id, r.local_date, r.metric, r.provider, r.account, r.device,
    s.start_s, s.end_s, s.micro,
    greatest(s.start_s, c.start_s) as from_s,
    least(s.end_s, c.end_s) as to_s
  from ranked r
  join stretches s
    on s.user_id = r.user_id and s.local_date = r.local_date and s.metric = r.metric and s.provider = r.provider
    and s.account = r.account and s.device = r.device
  join cover c
    on c.user_id = r.user_id and c.local_date = r.local_date and c.metric = r.metric and c.rank = r.rank
    and c.start_s < s.end_s and s.start_s < c.end_s
),
shares as (
  select
    *,
    case when to_s = end_s then micro else cast(floor(micro * 1e0 * (to_s - start_s) / (end_s - start_s)) as bigint) end
    - case when from_s = start_s then 0 else cast(floor(micro * 1e0 * (from_s - start_s) / (end_s - start_s)) as bigint) end as inside
  from overlapping
),
final as (
  select user_id, local_date, metric, provider, account, device, cast(sum(inside) as bigint) as inside_micro
  from shares
  group by user_id, local_date, metric, provider, account, device
)
select * from final
