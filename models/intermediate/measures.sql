-- every value a standing record holds, in the canonical unit, with the rule it breaks if it breaks one
with numbers as (select * from measure_numbers),
apple_sleeps as (select * from apple_sleep_numbers),
apple_workouts as (select * from apple_workout_numbers),
withings_sleeps as (select * from withings_sleep_numbers),
ranges as (select * from measure_ranges),
records_in as (select * from records_timed),
stacked as (
  select
    raw_key, pointer, metric, kind, stat, quality, field_pointer, text, unit, canonical, value, problem, min_n, max_n
  from numbers
  union all
  select
    a.raw_key, a.pointer, a.metric, 'session' as kind, 'sum' as stat, cast(null as string) as quality,
    a.pointer as field_pointer, cast(null as string) as text, cast(null as string) as unit, r.unit as canonical,
    a.value, cast(null as string) as problem, r.min_n, r.max_n
  from apple_sleeps a
  join ranges r on r.metric = a.metric and r.family = 'metric'
  union all
  select
    a.raw_key, a.pointer, a.metric, 'workout' as kind, 'raw' as stat, cast(null as string) as quality,
    a.pointer || '/heartRateData' as field_pointer, cast(null as string) as text, cast(null as string) as unit, r.unit as canonical,
    a.value, a.problem, r.min_n, r.max_n
  from apple_workouts a
  join ranges r on r.metric = a.metric and r.family = 'workout'
  union all
  select
    w.raw_key, w.pointer, w.metric, 'session' as kind, 'sum' as stat, cast(null as string) as quality,
    w.pointer as field_pointer, cast(null as string) as text, cast(null as string) as unit, r.unit as canonical,
    w.value, cast(null as string) as problem, r.min_n, r.max_n
  from withings_sleeps w
  join ranges r on r.metric = w.metric and r.family = 'metric'
),
final as (
  select
    r.user_id, r.account, r.provider, r.type, r.entity, r.raw_key, r.raw_sha256, r.pointer, r.source_type, r.device,
    m.metric, m.kind, m.stat,
    r.start_s, r.end_s, r.offset_s, r.zone, r.local_date,
    m.value, m.canonical as unit,
    case when r.quality = 'ok' then coalesce(m.quality, 'ok') else r.quality end as quality,
    r.provider_record_id, r.modified_ms, m.field_pointer, m.text,
    case
      when r.implausible is not null then 'implausible_time'
      when m.problem is not null then m.problem
      when m.value < m.min_n or m.value > m.max_n then 'out_of_range'
    end as rule,
    case
      when r.implausible is not null then r.implausible
      when m.problem = 'not_a_number' then 'no number: ' || m.metric
      when m.problem = 'unknown_unit' then 'unit not known for ' || m.metric || coalesce(': ' || substring(m.unit, 1, 40), '')
      when m.problem = 'out_of_range' then 'a reading lies outside what ' || m.metric || ' can be'
      when m.value < m.min_n then 'below the least ' || m.metric || ' can be'
      when m.value > m.max_n then 'above the most ' || m.metric || ' can be'
    end as detail,
    r.received_ms
  from stacked m
  join records_in r on r.raw_key = m.raw_key and r.pointer = m.pointer
)
select * from final
