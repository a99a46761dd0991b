-- everything that was refused, each with its rule
with payloads_in as (select * from payloads),
records_in as (select * from records),
readers_in as (select * from readers),
measures_in as (select * from measures where rule is not null),
samples_in as (select * from sample_checks where rule is not null),
retained as (
  select raw_key, '' as pointer, problem as rule, '' as field, problem_detail as detail, cast(null as string) as text
  from payloads_in
  where problem is not null and (user_id is not null or account = 'a_unknown')
),
keyless as (
  select
    r.raw_key, r.pointer, 'missing_field' as rule, '' as field,
    'the fields that say which ' || r.entity || ' this is are missing' as detail, r.record as text
  from records_in r
  join payloads_in p on p.raw_key = r.raw_key
  where r.key is null and p.user_id is not null
),
late as (
  select distinct raw_key, pointer, rule, '' as field, detail, cast(null as string) as text
  from measures_in
  where rule = 'implausible_time'
),
measured as (
  select distinct raw_key, field_pointer as pointer, rule, metric || '.' || stat as field, detail, text
  from measures_in
  where rule <> 'implausible_time'
),
sampled as (
  select raw_key, pointer, rule, metric as field, 'a value of the series ' || metric as detail, text
  from samples_in
),
final as (
  select * from retained
  union all
  select * from keyless
  union all
  select * from late
  union all
  select * from measured
  union all
  select * from sampled
)
select * from final
