with versions as (select * from record_versions),
overlapped as (select * from records_overlapped),
covered as (select * from records_covered),
records_in as (select * from records),
readers_in as (select * from readers),
standing as (
  select v.*
  from versions v
  anti join overlapped o on o.raw_key = v.raw_key and o.pointer = v.pointer
),
kept as (
  select s.*
  from standing s
  anti join covered c on c.raw_key = s.raw_key and c.pointer = s.pointer
  where s.version_rank = 1 or s.replaces = 'covered'
),
-- a child stands exactly when its parent does
children as (
  select r.*, k.user_id
  from records_in r
  join readers_in d on d.type = r.type and d.entity = r.entity and d.replaces = 'parent'
  join kept k on k.raw_key = r.raw_key and k.pointer = r.parent
  where r.key is not null
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, pointer, key, record, carried,
    version_n, received_ms
  from kept
  union all
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, pointer, key, record, carried,
    cast(null as double) as version_n, received_ms
  from children
)
select * from final
