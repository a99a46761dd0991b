-- a week begins on a Monday and has seven days, its four weeks twenty-eight; the mean lies within what its metric can be
with weeks as (select * from trends_weekly),
ranges as (select * from measure_ranges where family = 'metric'),
final as (
  select w.user_id, w.week, w.metric
  from weeks w
  join ranges r on r.metric = w.metric
  where weekday(w.week) <> 0 or w.n_days > 7 or w.n_before > 28 or w.n_line > 28 or w.n_line < w.n_days
    or w.mean < r.min_n - 1e-6 or w.mean > r.max_n + 1e-6
)
select * from final
