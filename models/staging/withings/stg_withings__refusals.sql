-- what only Withings says: a measure that may be another person's, and a time zone there is none of, which a group says once for its measures
with records_in as (select * from records_current where provider = 'withings'),
groups_in as (select * from stg_withings__groups where is_real and is_ambiguous),
zones_in as (select zone from zones),
named as (
  select distinct
    raw_key,
    case when entity = 'measure' then regexp_extract(pointer, '^(/body/measuregrps/[0-9]+)', 1) else pointer end as pointer,
    coalesce(get_json_object(record, '$.timezone'), get_json_object(carried, '$.timezone')) as zone
  from records_in
),
final as (
  select
    raw_key, pointer, 'ambiguous_user' as rule,
    'the scale or cuff is not sure which person of the household it was' as detail, record as text
  from groups_in
  union all
  select n.raw_key, n.pointer, 'unknown_zone' as rule, 'time zone not known: ' || substring(n.zone, 1, 40) as detail, n.zone as text
  from named n
  left join zones_in z on z.zone = n.zone
  where z.zone is null and nullif(n.zone, '') is not null
)
select * from final
