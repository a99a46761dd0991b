-- what only Withings says: a measure that may be another person's, and a time zone there is none of: one for a group, however many it and its
-- measures name
with records_in as (select * from records_current where provider = 'withings'),
groups_in as (select * from stg_withings__groups where is_real and is_ambiguous),
zones_in as (select zone from zones),
named as (
  select
    raw_key,
    case when entity = 'measure' then regexp_extract(pointer, '^(/body/measuregrps/[0-9]+)', 1) else pointer end as pointer,
    coalesce(get_json_object(record, '$.timezone'), get_json_object(carried, '$.timezone')) as zone
  from records_in
),
unknown as (
  select n.raw_key, n.pointer, min(n.zone) as zone
  from named n
  left join zones_in z on z.zone = n.zone
  where z.zone is null and nullif(n.zone, '') is not null
  group by n.raw_key, n.pointer
),
final as (
  select
    raw_key, pointer, 'ambiguous_user' as rule,
    'the scale or cuff is not sure which person of the household it was' as detail, record as text
  from groups_in
  union all
  select raw_key, pointer, 'unknown_zone' as rule, 'time zone not known: ' || substring(zone, 1, 40) as detail, zone as text
  from unknown
)
select * from final
