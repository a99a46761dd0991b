with days as (select distinct user_id, local_date from daily_metrics),
weights as (
  select
    component, metric, good,
    cast(floor(try_cast(rank as double)) as int) as rank,
    cast(floor(try_cast(day_offset as double)) as int) as day_offset,
    cast(floor(try_cast(weight as double)) as bigint) as weight
  from readiness_weights
),
baselines as (select * from baselines_daily),
asked as (
  select d.user_id, d.local_date, date_add(d.local_date, cast(w.day_offset as int)) as measured_on, w.component, w.metric, w.good, w.rank, w.weight
  from days d
  cross join weights w
),
measured as (
  select
    a.*,
    case
      when b.value is null then 'missing'
      when b.mean is null then 'young'
      when b.z is null and b.direction <> 'usual' then 'even'
    end as lacks,
    -- as usual when all days were equal and this one is too
    case when b.direction is not null then coalesce(b.z, case when b.direction = 'usual' then 0e0 end) end
      * case when a.good = 'more' then 1e0 else -1e0 end as better
  from asked a
  left join baselines b on b.user_id = a.user_id and b.local_date = a.measured_on and b.metric = a.metric
),
scored as (
  -- least and greatest would take the bound for what is not there
  select *, case when better is not null then cast(floor(50e0 + 25e0 * least(greatest(better, -2e0), 2e0) + 0.5e0) as bigint) end as score
  from measured
),
-- of several metrics that tell the same the first that can be told
ranked as (
  select
    *,
    row_number() over (
      partition by user_id, local_date, component
      order by case when score is not null then 0 when lacks <> 'missing' then 1 else 2 end, rank
    ) as place
  from scored
),
final as (
  select user_id, local_date, component, metric, lacks, weight, score from ranked where place = 1
)
select * from final
