-- records without a field that is always there: the provider has changed how it writes them; a field that is there and empty is no change
with records_in as (select raw_key, type, entity, pointer, parent, record, carried from records where entity <> 'misshapen'),
readers_in as (select type, entity, replaces from readers),
needs_in as (select type, entity, field, nullif(beside, '') as beside from required_fields),
hae as (select name, field from hae_metrics),
asked as (
  select
    r.raw_key, r.pointer, r.parent, r.type, r.entity, n.field,
    regexp_extract(n.field, '([^.]*)$', 1) as name,
    -- of what stands inside another field the outer one is a need of its own
    case
      when instr(n.field, '.') > 0 then get_json_object(r.record, '$.' || regexp_extract(n.field, '^([^.]*)', 1))
      else r.record
    end as holder
  from records_in r
  join needs_in n on n.type = r.type and n.entity = r.entity
  where get_json_object(r.record, '$.' || n.field) is null
    and (n.beside is null or get_json_object(r.record, '$.' || n.beside) is not null)
),
lacking as (
  select raw_key, pointer, parent, type, entity, field
  from asked
  where holder is not null and not coalesce(array_contains(json_object_keys(holder), name), false)
),
-- a row of a name we know holds at least one of the fields that name is read by
named as (
  select
    r.raw_key, r.pointer, r.parent, r.type, r.entity,
    min(h.field) as field,
    max(case when array_contains(json_object_keys(r.record), h.field) then 1 else 0 end) as is_there
  from records_in r
  join hae h on h.name = lower(get_json_object(r.carried, '$.name'))
  where r.type = 'apple.metrics' and r.entity = 'metric'
  group by r.raw_key, r.pointer, r.parent, r.type, r.entity
),
found as (
  select distinct raw_key, pointer, parent, type, entity, field from lacking
  union all
  select raw_key, pointer, parent, type, entity, field from named where is_there = 0
),
final as (
  select
    f.raw_key,
    f.pointer,
    -- one part that cannot be read refuses the whole it was read from: what stood there before goes on standing
    case when d.replaces = 'parent' then f.parent else f.pointer end as refused_pointer,
    array_join(sort_array(collect_list(f.field)), ', ') as fields
  from found f
  join readers_in d on d.type = f.type and d.entity = f.entity
  group by f.raw_key, f.pointer, f.parent, d.replaces
)
select * from final
