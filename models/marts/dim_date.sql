-- every day a record can be of, whoever has data: of whom there are days, and from when, is nobody else's to see
with numbered as (select explode(sequence(0, 47481)) as n),
dated as (
  select
    date_add(date '1970-01-01', cast(n as int)) as date,
    -- 1970-01-01 was a Thursday
    cast((n + 3) % 7 + 1 as int) as weekday
  from numbered
),
final as (
  select
    date,
    cast(year(date) as int) as year,
    cast(quarter(date) as int) as quarter,
    cast(month(date) as int) as month,
    -- a week belongs to the year its Thursday is in
    cast(year(date_add(date, cast(4 - weekday as int))) as int) as iso_year,
    cast(weekofyear(date) as int) as week,
    weekday,
    weekday >= 6 as is_weekend
  from dated
)
select * from final
