-- what each source would have said, as JSON text in order of rank; numbers are spelled from micro-units, never from doubles
with ranked as (select * from daily_candidates),
micro as (
  select
    *,
    case when value < 0e0 then '-' else '' end as sign,
    cast(floor(abs(value) * 1000000e0 + 0.5e0) as bigint) as size_micro,
    replace(replace(regexp_replace(source, '\p{Cc}', ''), chr(92), chr(92) || chr(92)), '"', chr(92) || '"') as source_text
  from ranked
),
spelled as (
  select
    *,
    sign || cast(cast(floor(size_micro / 1000000e0) as bigint) as string) as whole_text,
    regexp_replace(lpad(cast(size_micro % 1000000 as string), 6, '0'), '0+$', '') as fraction_text
  from micro
),
items as (
  select
    user_id, local_date, metric,
    lpad(cast(rank as string), 4, '0') || '{"source":"' || source_text || '","value":' || whole_text
    || case when fraction_text = '' then '' else '.' || fraction_text end || '}' as item
  from spelled
),
joined as (
  select user_id, local_date, metric, array_join(sort_array(collect_list(item)), chr(31)) as text
  from items
  group by user_id, local_date, metric
),
final as (
  select
    user_id, local_date, metric,
    '[' || substring(regexp_replace(text, '(^|' || chr(31) || ')[0-9]{4}', ','), 2) || ']' as alternatives
  from joined
)
select * from final
