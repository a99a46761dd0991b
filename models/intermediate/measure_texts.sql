-- one row per field that holds something: the provider's own text, its unit, and where it stands
with contexts_in as (select * from contexts),
fields_in as (select * from measure_fields),
found as (
  select
    c.raw_key,
    c.pointer,
    f.metric,
    coalesce(c.kind, f.kind) as kind,
    f.stat,
    f.quality,
    f.place,
    f.codes,
    f.times,
    case when f.times is null then c.pointer || '/' || replace(f.field, '.', '/') else c.pointer end as field_pointer,
    trim(get_json_object(c.record, '$.' || f.field)) as text,
    case when f.times is not null then get_json_object(c.record, '$.' || f.times) end as times_text,
    case
      when f.unit is not null then f.unit
      when f.unit_field is not null then coalesce(get_json_object(c.record, '$.' || f.unit_field), '')
      else c.unit
    end as unit
  from contexts_in c
  join fields_in f on f.type = c.type and f.entity = c.entity and f.name = c.name
),
held as (
  select
    *,
    row_number() over (partition by raw_key, pointer, metric, kind, stat order by place, field_pointer) as choice
  from found
  where text is not null and text <> '' and (times is null or times_text is not null)
),
final as (
  select raw_key, pointer, metric, kind, stat, quality, field_pointer, text, times_text, unit
  from held
  where choice = 1 and (codes is null or instr(' ' || codes || ' ', ' ' || text || ' ') = 0)
)
select * from final
