-- `{"effective_at","sequence","raw_keys":[…]}`: the objects named are as if they had never come
with records_in as (
  select * from records where type = 'wellspring.retraction' and entity = 'retraction'
),
named as (
  select explode(from_json(get_json_object(record, '$.raw_keys'), 'array<string>')) as raw_key
  from records_in
),
final as (
  select distinct raw_key from named where raw_key is not null
)
select * from final
