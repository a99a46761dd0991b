with ranked as (select * from candidates),
inside as (select * from interval_inside),
metrics_in as (select metric, day_rule from metrics),
located as (
  select distinct user_id, local_date, metric, provider, account, device from day_stretches where tells_when
),
totalled as (
  select
    r.*,
    m.day_rule,
    coalesce(i.inside_micro, 0) as inside_micro,
    l.user_id is not null as is_located,
    max(case when r.total_micro is not null then 1 else 0 end) over (
      partition by r.user_id, r.local_date, r.metric order by r.rank
      rows between unbounded preceding and 1 preceding
    ) as total_above
  from ranked r
  join metrics_in m on m.metric = r.metric
  left join inside i
    on i.user_id = r.user_id and i.local_date = r.local_date and i.metric = r.metric and i.provider = r.provider
    and i.account = r.account and i.device = r.device
  left join located l
    on l.user_id = r.user_id and l.local_date = r.local_date and l.metric = r.metric and l.provider = r.provider
    and l.account = r.account and l.device = r.device
),
-- the first counts whole; a lower one outside the time covered above it, or, where nobody above knows the
-- whole day and it does, its whole less what lies inside that time. Below another's total a mere total counts for nothing:
-- which part of it lies outside nobody can tell
counted as (
  select
    *,
    case
      when day_rule <> 'SUMI' then case when rank = 1 then value end
      when rank = 1 then micro / 1000000e0
      when coalesce(total_above, 0) = 0 and total_micro is not null then greatest(total_micro - inside_micro, 0) / 1000000e0
      when is_located then (coalesce(located_micro, 0) - inside_micro) / 1000000e0
    end as counted
  from totalled
),
final as (
  select
    user_id, local_date, metric, source, provider, account, device, value, counted, rank = 1 as is_winner, rank, n_observations,
    value_min, value_max, value_first, value_last, covered_s
  from counted
)
select * from final
