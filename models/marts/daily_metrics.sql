with marks as (select * from final_marks),
ranked as (
  select c.*, f.final_s
  from daily_candidates c
  left join marks f
    on f.user_id = c.user_id and f.local_date = c.local_date and f.metric = c.metric and f.provider = c.provider
    and f.account = c.account and f.device = c.device
),
coverage as (select * from day_coverage),
alternatives_in as (select * from day_alternatives),
metrics_in as (select metric, unit, day_rule from metrics),
days as (select * from local_days),
batch_in as (select * from batch),
summed as (
  select
    user_id, local_date, metric,
    cast(sum(cast(floor(counted * 1000000e0 + 0.5e0) as bigint)) as bigint) / 1000000e0 as value,
    cast(sum(case when rank = 1 or counted > 0e0 then n_observations end) as bigint) as n_observations,
    cast(count(*) as int) as n_sources,
    -- final early only when everything that counted is
    case when count(case when (rank = 1 or counted > 0e0) and final_s is null then 1 end) = 0
      then max(case when rank = 1 or counted > 0e0 then final_s end)
    end as final_s
  from ranked
  group by user_id, local_date, metric
),
winners as (
  select r.*
  from ranked r
  anti join sums_refused x on x.user_id = r.user_id and x.local_date = r.local_date and x.metric = r.metric
  where r.rank = 1
),
final as (
  select
    w.user_id,
    w.local_date,
    w.metric,
    case when m.day_rule = 'SUMI' then s.value else w.value end as value,
    m.unit,
    w.value_min,
    w.value_max,
    w.value_first,
    w.value_last,
    cast(case when m.day_rule = 'SUMI' then s.n_observations else w.n_observations end as int) as n_observations,
    w.source as winner_source,
    s.n_sources,
    a.alternatives,
    timestamp_seconds(coalesce(s.final_s, d.day_end_s + 259200)) as final_at,
    case
      when m.day_rule in ('SUMI', 'SUM') and c.covered_s is not null
        then least(c.covered_s * 100e0 / (d.day_end_s - d.day_start_s), 100e0)
      when m.day_rule <> 'NIGHT' and w.covered_s > 0
        then least(w.covered_s * 100e0 / (d.day_end_s - d.day_start_s), 100e0)
    end as coverage_pct,
    timestamp_millis(b.now_ms) as updated_at
  from winners w
  join summed s on s.user_id = w.user_id and s.local_date = w.local_date and s.metric = w.metric
  join metrics_in m on m.metric = w.metric
  join days d on d.user_id = w.user_id and d.local_date = w.local_date
  join alternatives_in a on a.user_id = w.user_id and a.local_date = w.local_date and a.metric = w.metric
  left join coverage c on c.user_id = w.user_id and c.local_date = w.local_date and c.metric = w.metric
  cross join batch_in b
)
select * from final
