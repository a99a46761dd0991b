-- `{"effective_at",…,"records":[{"account","type","id"}]}`: what was received of that record before then does not stand
-- a retraction that does not say which one it is is refused like any such record, and retracts nothing
with records_in as (
  select * from records where type = 'wellspring.retraction' and entity = 'retraction' and key is not null
),
named as (
  select
    cast(floor(try_cast(get_json_object(record, '$.effective_at') as double)) as bigint) as effective_ms,
    explode(from_json(get_json_object(record, '$.records'), 'array<string>')) as named_record
  from records_in
),
read as (
  select
    get_json_object(named_record, '$.account') as account,
    get_json_object(named_record, '$.type') as type,
    get_json_object(named_record, '$.id') as record_id,
    effective_ms
  from named
),
final as (
  select
    account,
    type,
    record_id,
    -- a one-field identity as the reader writes it; an id that would need an escape names nothing
    '["' || record_id || '"]' as key,
    max(effective_ms) as effective_ms
  from read
  where account is not null and type is not null and record_id is not null and effective_ms is not null
  group by account, type, record_id
)
select * from final
