with records_in as (select * from records),
payloads_in as (select * from payloads),
readers_in as (select * from readers),
retracted as (select * from stg_wellspring__retracted_records),
lacking as (select distinct raw_key, refused_pointer from missing_fields),
dated as (
  select
    r.raw_key,
    r.raw_sha256,
    r.provider,
    r.account,
    p.user_id,
    r.type,
    r.entity,
    r.received_ms,
    p.statement_id,
    p.statement_ms,
    r.pointer,
    r.key,
    -- intraday series are records of their own: their text would be parsed again for every field beside them
    case
      when length(r.record) > 4000 then regexp_replace(r.record, '"timeOffset[A-Za-z0-9]*" *: *[{][^{}]*[}]', '"series":null')
      else r.record
    end as record,
    r.carried,
    d.replaces,
    case when d.date is not null then get_json_object(r.record, '$.' || d.date) end as covered_date,
    case when d.version is not null then try_cast(get_json_object(r.record, '$.' || d.version) as double) end as version_n,
    case when d.grows is not null then try_cast(get_json_object(r.record, '$.' || d.grows) as double) end as grows_n
  from records_in r
  join payloads_in p on p.raw_key = r.raw_key
  join readers_in d on d.type = r.type and d.entity = r.entity
  -- as if it had never come: it displaces nothing, and what it displaced stands again
  anti join retracted x
    on x.account = r.account and x.type = r.type and x.key = r.key and r.received_ms < x.effective_ms
  -- what was refused is no version: the one before it goes on standing
  anti join lacking l on l.raw_key = r.raw_key and l.refused_pointer = r.pointer
  where p.user_id is not null and r.key is not null and d.replaces <> 'parent'
),
-- what is told apart by its day has an id of the provider's beside it; asked only of types something was ever deleted of
named as (
  select
    *,
    case when type in (select type from retracted) then get_json_object(record, '$.id') end as record_id
  from dated
),
standing as (
  select n.*
  from named n
  anti join retracted x
    on x.account = n.account and x.type = n.type and x.record_id = n.record_id and n.received_ms < x.effective_ms
),
-- a greater age is a newer statement: the provider's version, then what only grows, then arrival, then place
aged as (
  select
    *,
    cast(row_number() over (
      partition by user_id, account, type, entity
      order by version_n nulls first, grows_n nulls first, received_ms, raw_key, length(pointer), pointer
    ) as bigint) as age
  from standing
),
final as (
  select
    *,
    cast(row_number() over (partition by user_id, account, type, entity, key order by age desc) as bigint) as version_rank
  from aged
)
select * from final
