-- standing records without sleeps the provider marks as deleted, and without what the person said was no sleep
with records_in as (select * from records_current where provider = 'oura'),
named as (
  select
    *,
    -- one of a series has those of the record it was read from
    coalesce(get_json_object(carried, '$.id'), get_json_object(record, '$.id')) as id,
    coalesce(get_json_object(carried, '$.type'), get_json_object(record, '$.type')) as said
  from records_in
),
final as (
  select n.*
  from named n
  where n.type <> 'oura.sleep' or coalesce(n.said, '') not in ('deleted', 'rest')
)
select * from final
