-- numbers as a person reads them, without ever casting one with a fraction to text: 7 h 12 min, 12,345, 70.4
with parts as (
  select user_id, local_date, metric, unit, 'value' as part, value as number from outliers
  union all
  select user_id, local_date, metric, unit, 'low' as part, mean - sd as number from outliers
  union all
  select user_id, local_date, metric, unit, 'high' as part, mean + sd as number from outliers
),
ranges as (
  select
    metric, cast(floor(try_cast(decimals as double)) as int) as decimals, try_cast(min as double) as min_n, try_cast(max as double) as max_n
  from metrics
),
words as (select metric, unit_word, imperial_word, try_cast(imperial_factor as double) as factor from anomaly_metrics),
units_in as (select user_id, units from user_units),
scaled as (
  select
    p.user_id, p.local_date, p.metric, p.part, p.unit, r.decimals,
    case when r.decimals = 0 then 1 when r.decimals = 1 then 10 else 100 end as steps_a_unit,
    case when u.units = 'imperial' and w.factor is not null then w.imperial_word else w.unit_word end as unit_word,
    -- no band reaches beyond what can be
    least(greatest(p.number, r.min_n), r.max_n)
      * case when u.units = 'imperial' and w.factor is not null then w.factor else 1e0 end as number
  from parts p
  join ranges r on r.metric = p.metric
  join words w on w.metric = p.metric
  left join units_in u on u.user_id = p.user_id
),
counted as (
  select
    *,
    cast(floor(number / 60e0 + 0.5e0) as bigint) as minutes,
    cast(floor(abs(number) * steps_a_unit + 0.5e0) as bigint) as steps
  from scaled
),
split as (
  select
    *,
    cast(floor(minutes / 60e0) as bigint) as hours,
    cast(floor(steps / (steps_a_unit * 1e0)) as bigint) as whole
  from counted
),
final as (
  select
    user_id, local_date, metric, part,
    case
      when unit = 's' and hours = 0 then cast(minutes as string) || ' min'
      when unit = 's' and minutes = hours * 60 then cast(hours as string) || ' h'
      when unit = 's' then cast(hours as string) || ' h ' || cast(minutes - hours * 60 as string) || ' min'
      else case when number < 0e0 and steps > 0 then '-' else '' end
        || case
          when whole < 1000 then cast(whole as string)
          else cast(cast(floor(whole / 1000e0) as bigint) as string) || ',' || lpad(cast(whole % 1000 as string), 3, '0')
        end
        || case
          when decimals = 0 then ''
          else '.' || lpad(cast(steps - whole * steps_a_unit as string), decimals, '0')
        end
        -- a range says its unit once
        || case when unit_word is null or part = 'low' then '' when unit_word = '%' then '%' else ' ' || unit_word end
    end as text
  from split
)
select * from final
