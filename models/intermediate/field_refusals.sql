-- records refused for a field that is always there, until the same comes whole; one without an identity is refused as such
with lacking as (select * from missing_fields),
records_in as (select * from records),
payloads_in as (select raw_key from payloads where user_id is not null),
standing as (select account, type, entity, key, received_ms from record_versions where version_rank = 1),
final as (
  select r.raw_key, r.pointer, l.fields, r.record
  from lacking l
  join records_in r on r.raw_key = l.raw_key and r.pointer = l.pointer and r.key is not null
  join records_in w on w.raw_key = l.raw_key and w.pointer = l.refused_pointer
  semi join payloads_in p on p.raw_key = r.raw_key
  anti join standing s
    on s.account = w.account and s.type = w.type and s.entity = w.entity and s.key = w.key and s.received_ms > w.received_ms
)
select * from final
