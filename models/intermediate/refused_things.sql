-- everything that was refused, each with its rule and the day it is of, where one is known
with payloads_in as (select * from payloads),
records_in as (select * from records),
measures_in as (select * from measures where rule is not null and rule <> 'implausible_time'),
timed as (select * from records_timed where implausible is not null),
days_in as (select * from day_refusals),
samples_in as (select * from sample_checks where rule is not null),
changed_in as (select * from field_refusals),
withings_in as (select * from stg_withings__refusals),
retained as (
  select raw_key, '' as pointer, problem as rule, '' as field, problem_detail as detail, cast(null as string) as text, cast(null as date) as local_date
  from payloads_in
  where problem is not null and (user_id is not null or account = 'a_unknown' or provider = 'wellspring')
),
keyless as (
  select
    r.raw_key, r.pointer,
    case when r.entity = 'misshapen' then 'unexpected_shape' else 'missing_field' end as rule,
    '' as field,
    case
      when r.entity = 'misshapen' then 'something else where a list or an object should be'
      else 'the fields that say which ' || r.entity || ' this is are missing'
    end as detail,
    r.record as text, cast(null as date) as local_date
  from records_in r
  join payloads_in p on p.raw_key = r.raw_key
  where r.key is null and p.user_id is not null
),
changed as (
  select
    raw_key, pointer, 'missing_field' as rule, '' as field,
    'the format has changed, what is always there is missing: ' || fields as detail,
    record as text, cast(null as date) as local_date
  from changed_in
),
late as (
  select distinct t.raw_key, t.pointer, 'implausible_time' as rule, '' as field, t.implausible as detail, r.record as text, t.local_date
  from timed t
  join records_in r on r.raw_key = t.raw_key and r.pointer = t.pointer
),
measured as (
  select distinct raw_key, field_pointer as pointer, rule, metric || '.' || stat as field, detail, text, local_date
  from measures_in
),
summed as (
  select
    raw_key, pointer, 'out_of_range' as rule, metric || '.' || cast(local_date as string) as field,
    case when is_more then 'above the most ' else 'below the least ' end || metric || ' can be, on ' || cast(local_date as string) as detail, text, local_date
  from days_in
),
sampled as (
  select raw_key, pointer, rule, metric as field, 'a value of the series ' || metric as detail, text, local_date
  from samples_in
),
of_withings as (
  select raw_key, pointer, rule, '' as field, detail, text, cast(null as date) as local_date from withings_in
),
final as (
  select * from retained
  union all
  select * from keyless
  union all
  select * from changed
  union all
  select * from late
  union all
  select * from measured
  union all
  select * from summed
  union all
  select * from sampled
  union all
  select * from of_withings
)
select * from final
