with lines as (select * from trend_lines),
sentences as (select * from trend_sentences),
ends as (select * from week_ends),
metrics_in as (select metric, unit from metrics),
final as (
  select
    l.user_id,
    l.week,
    l.metric,
    m.unit,
    l.direction,
    cast(l.n_days as int) as n_days,
    l.mean,
    cast(l.n_before as int) as n_before,
    l.mean_before,
    case when l.n_before >= 4 then l.mean - l.mean_before end as change,
    case when l.n_before >= 4 and l.mean_before > 0 then (l.mean - l.mean_before) * 100e0 / l.mean_before end as change_pct,
    cast(l.n_line as int) as n_line,
    l.slope_per_day,
    s.sentence,
    timestamp_seconds(e.end_s + 259200) as final_at
  from lines l
  join sentences s on s.user_id = l.user_id and s.week = l.week and s.metric = l.metric
  join ends e on e.user_id = l.user_id and e.week = l.week
  join metrics_in m on m.metric = l.metric
)
select * from final
