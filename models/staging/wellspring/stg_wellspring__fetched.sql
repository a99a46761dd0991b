-- `{"effective_at",…,"account"}`: whatever notices of that account asked for until then is done
with records_in as (
  select * from records where type = 'wellspring.fetched' and entity = 'fetched'
),
read as (
  select
    get_json_object(record, '$.user_id') as user_id,
    get_json_object(record, '$.account') as account,
    cast(floor(try_cast(get_json_object(record, '$.effective_at') as double)) as bigint) as effective_ms
  from records_in
),
final as (
  select user_id, account, max(effective_ms) as effective_ms
  from read
  where user_id is not null and account is not null and effective_ms is not null
  group by user_id, account
)
select * from final
