with fields_in as (select * from fields),
hae as (select * from hae_metrics),
withings_codes as (select code, metric from withings_measures),
final as (
  select
    type, entity, '' as name, cast(try_cast(place as double) as int) as place, field, nullif(times, '') as times,
    nullif(unit, '') as unit, nullif(unit_field, '') as unit_field, nullif(codes, '') as codes,
    metric, kind, stat, nullif(quality, '') as quality
  from fields_in
  union all
  select
    'apple.metrics' as type, 'metric' as entity, name, 1 as place, field, cast(null as string) as times,
    cast(null as string) as unit, cast(null as string) as unit_field, cast(null as string) as codes,
    metric, cast(null as string) as kind, stat, cast(null as string) as quality
  from hae
  union all
  select
    'withings.getmeas' as type, 'measure' as entity, code as name, 1 as place, 'value' as field, cast(null as string) as times,
    cast(null as string) as unit, cast(null as string) as unit_field, cast(null as string) as codes,
    metric, 'sample' as kind, 'raw' as stat, cast(null as string) as quality
  from withings_codes
)
select * from final
