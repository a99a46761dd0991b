-- heart rate of a workout of Health Auto Export version 1, which gives single readings and no figures: their mean and their highest;
-- a reading in another unit, one that is no number or one that cannot be refuses both
with workouts_in as (select raw_key, pointer, record from stg_apple__workouts),
given as (select distinct raw_key, pointer from measure_texts where metric in ('hr_avg_bpm', 'hr_max_bpm')),
ranges as (select min_n, max_n from measure_ranges where metric = 'hr_max_bpm' and family = 'workout'),
units_in as (select unit, try_cast(multiply as double) as multiply_n from units where canonical = 'bpm'),
silent as (
  select w.raw_key, w.pointer, get_json_object(w.record, '$.heartRateData') as readings
  from workouts_in w
  anti join given g on g.raw_key = w.raw_key and g.pointer = w.pointer
),
listed as (
  select raw_key, pointer, explode(from_json(readings, 'array<string>')) as reading
  from silent
  where readings is not null
),
parsed as (
  select
    raw_key,
    pointer,
    trim(get_json_object(reading, '$.qty')) as text,
    lower(replace(coalesce(get_json_object(reading, '$.units'), ''), ' ', '')) as unit_key
  from listed
),
numbered as (
  select
    p.raw_key,
    p.pointer,
    u.unit,
    try_cast(case when regexp_like(p.text, '^[0-9]+([.][0-9]*)?([eE][-+]?[0-9]+)?$') then p.text end as double) * u.multiply_n as number
  from parsed p
  left join units_in u on u.unit = p.unit_key
  where p.text is not null
),
-- what no integer holds stands as what no heart does
bounded as (
  select raw_key, pointer, unit, case when number > 1000000e0 then 1000000e0 else number end as value
  from numbered
),
grouped as (
  select
    raw_key,
    pointer,
    cast(count(*) as bigint) as n,
    cast(count(unit) as bigint) as n_known,
    cast(count(value) as bigint) as n_numbers,
    cast(sum(cast(floor(value * 1000000e0 + 0.5e0) as bigint)) as bigint) as sum_micro,
    min(value) as lowest,
    max(value) as highest
  from bounded
  group by raw_key, pointer
),
judged as (
  select
    g.*,
    case
      when g.n_known < g.n then 'unknown_unit'
      when g.n_numbers < g.n then 'not_a_number'
      when g.lowest < r.min_n or g.highest > r.max_n then 'out_of_range'
    end as problem
  from grouped g
  cross join ranges r
),
final as (
  select raw_key, pointer, 'hr_avg_bpm' as metric, sum_micro / n_numbers / 1000000e0 as value, problem from judged
  union all
  select raw_key, pointer, 'hr_max_bpm' as metric, highest as value, problem from judged
)
select * from final
