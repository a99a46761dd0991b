with metrics_in as (select * from metrics),
scores_in as (select * from score_scales),
workouts_in as (select * from workout_ranges),
final as (
  select metric, 'metric' as family, unit, try_cast(min as double) as min_n, try_cast(max as double) as max_n from metrics_in
  union all
  select name, 'score' as family, '1' as unit, try_cast(scale_min as double) as min_n, try_cast(scale_max as double) as max_n from scores_in
  union all
  select measure, 'workout' as family, unit, try_cast(min as double) as min_n, try_cast(max as double) as max_n from workouts_in
)
select * from final
