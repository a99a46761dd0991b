with records_in as (
  select * from records where type = 'wellspring.user' and entity = 'user' and key is not null
),
ranked as (
  select *, row_number() over (partition by account, key order by received_ms, raw_key, pointer) as copy
  from records_in
),
final as (
  select
    account as fact_account,
    get_json_object(record, '$.user_id') as user_id,
    get_json_object(record, '$.name') as name,
    get_json_object(record, '$.zone') as zone,
    get_json_object(record, '$.units') as units,
    get_json_object(record, '$.priority') as priority,
    cast(floor(try_cast(get_json_object(record, '$.sequence') as double)) as bigint) as sequence_n,
    cast(floor(try_cast(get_json_object(record, '$.effective_at') as double)) as bigint) as effective_ms,
    cast(floor(try_cast(get_json_object(record, '$.zone_since') as double)) as bigint) as zone_since_ms,
    raw_key
  from ranked
  where copy = 1
)
select * from final
