with versions as (select * from record_versions where type = 'apple.metrics' and entity = 'sleep'),
times as (select * from stg_apple__times),
final as (
  select
    v.raw_key,
    v.pointer,
    coalesce(a.start_s, c.start_s) as start_s,
    coalesce(b.start_s, d.start_s) as end_s,
    coalesce(b.offset_s, d.offset_s) as offset_s,
    coalesce(b.date_text, d.date_text) as date_text
  from versions v
  left join times a on a.text = get_json_object(v.record, '$.sleepStart')
  left join times b on b.text = get_json_object(v.record, '$.sleepEnd')
  left join times c on c.text = get_json_object(v.record, '$.inBedStart')
  left join times d on d.text = get_json_object(v.record, '$.inBedEnd')
)
select * from final
