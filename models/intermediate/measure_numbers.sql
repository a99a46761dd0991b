-- texts as numbers in the canonical unit; an unknown unit is never guessed
with texts as (select * from measure_texts),
ranges as (select * from measure_ranges),
units_in as (
  select unit, canonical, try_cast(add as double) as add_n, try_cast(multiply as double) as multiply_n, try_cast(divide as double) as divide_n
  from units
),
cleaned as (
  select
    *,
    case
      when regexp_like(text, '^[-+]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?$') then replace(text, ',', '')
      when regexp_like(text, '^[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?$') then text
      when regexp_like(text, '^[-+]?[0-9]+[.]$') then text
    end as digits,
    case
      when regexp_like(times_text, '^[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?$') then times_text
    end as times_digits,
    lower(regexp_replace(unit, '<[0-9.]*>|[ ]', '')) as unit_key
  from texts
),
numbered as (
  select *, try_cast(digits as double) * case when times_text is null then 1e0 else try_cast(times_digits as double) end as number
  from cleaned
),
final as (
  select
    n.raw_key, n.pointer, n.metric, n.kind, n.stat, n.quality, n.field_pointer, n.text, n.unit, r.min_n, r.max_n,
    r.unit as canonical,
    case
      when n.unit is null then n.number
      else (n.number + u.add_n) * u.multiply_n / u.divide_n
    end as value,
    case
      when n.number is null then 'not_a_number'
      when n.unit is not null and u.unit is null then 'unknown_unit'
    end as problem
  from numbered n
  join ranges r
    on r.metric = n.metric
    and r.family = case when n.kind in ('score', 'workout') then n.kind else 'metric' end
  left join units_in u on u.unit = n.unit_key and u.canonical = r.unit
)
select * from final
