with records_in as (
  select * from records where type = 'wellspring.connection' and entity = 'connection' and key is not null
),
ranked as (
  select *, row_number() over (partition by account, key order by received_ms, raw_key, pointer) as copy
  from records_in
),
final as (
  select
    account as fact_account,
    get_json_object(record, '$.connection_id') as connection_id,
    get_json_object(record, '$.provider') as provider,
    get_json_object(record, '$.account') as account,
    get_json_object(record, '$.user_id') as user_id,
    get_json_object(record, '$.kind') as kind,
    get_json_object(record, '$.state') as state,
    get_json_object(record, '$.scopes') as scopes,
    get_json_object(record, '$.cause') as cause,
    cast(floor(try_cast(get_json_object(record, '$.sequence') as double)) as bigint) as sequence_n,
    cast(floor(try_cast(get_json_object(record, '$.effective_at') as double)) as bigint) as effective_ms
  from ranked
  where copy = 1
)
select * from final
