-- every zone a row names, when it is one: an unknown name would end the batch of everybody
with records_in as (select record, carried from records_current where provider = 'withings'),
zones_in as (select zone from zones),
named as (
  select get_json_object(record, '$.timezone') as zone from records_in
  union
  select get_json_object(carried, '$.timezone') as zone from records_in
),
final as (
  select z.zone
  from zones_in z
  semi join named n on n.zone = z.zone
)
select * from final
