with records_in as (
  select * from records where type = 'wellspring.goal' and entity = 'goal' and key is not null
),
ranked as (
  select *, row_number() over (partition by account, key order by received_ms, raw_key, pointer) as copy
  from records_in
),
final as (
  select
    account as fact_account,
    get_json_object(record, '$.user_id') as user_id,
    get_json_object(record, '$.goal') as goal,
    get_json_object(record, '$.metric') as metric,
    get_json_object(record, '$.direction') as direction,
    get_json_object(record, '$.state') as state,
    try_cast(get_json_object(record, '$.target') as double) as target,
    cast(floor(try_cast(get_json_object(record, '$.sequence') as double)) as bigint) as sequence_n,
    cast(floor(try_cast(get_json_object(record, '$.effective_at') as double)) as bigint) as effective_ms
  from ranked
  where copy = 1
)
select * from final
