-- where in time a source's sums lie: its intervals, else its daily total over the time of that record
with intervals as (select * from interval_days),
totals as (select * from day_totals where metric <> 'energy_total_kcal'),
located as (
  select distinct user_id, local_date, metric, provider, account, device from intervals
),
final as (
  select
    user_id, local_date, metric, provider, account, device, source_type, start_s, end_s, micro, true as is_interval,
    true as tells_when
  from intervals
  union all
  select
    t.user_id, t.local_date, t.metric, t.provider, t.account, t.device, t.source_type, t.start_s, t.end_s, t.micro,
    false as is_interval, t.tells_when
  from totals t
  anti join located l
    on l.user_id = t.user_id and l.local_date = t.local_date and l.metric = t.metric and l.provider = t.provider
    and l.account = t.account and l.device = t.device
)
select * from final
