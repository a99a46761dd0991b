-- one weighing or measuring; category 2 is goals; of attribution 1 nobody knows whose it is
with records_in as (select * from records_current where type = 'withings.getmeas' and entity = 'group'),
final as (
  select
    raw_key,
    pointer,
    record,
    coalesce(get_json_object(record, '$.category'), '1') = '1' as is_real,
    coalesce(get_json_object(record, '$.attrib'), '') = '1' as is_ambiguous
  from records_in
)
select * from final
