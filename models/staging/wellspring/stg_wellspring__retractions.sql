-- `{"effective_at","sequence","raw_keys":[…]}`: the objects named are as if they had never come
-- a retraction that does not say which one it is is refused like any such record, and retracts nothing
with records_in as (
  select * from records where type = 'wellspring.retraction' and entity = 'retraction' and key is not null
),
named as (
  select explode(from_json(get_json_object(record, '$.raw_keys'), 'array<string>')) as raw_key
  from records_in
),
final as (
  select distinct raw_key from named where raw_key is not null
)
select * from final
