-- stages of sleep; after a journey the app writes the same stage with another offset: one, as the newest statement has it
with records_in as (select * from records_current where type = 'apple.metrics' and entity = 'sleep_segment'),
times as (select * from stg_apple__times),
numbers as (select *, try_cast(get_json_object(record, '$.qty') as double) as hours_n from records_in),
timed as (
  select
    r.raw_key,
    r.raw_sha256,
    r.provider,
    r.account,
    r.user_id,
    r.type,
    r.entity,
    r.pointer,
    r.key,
    r.record,
    trim(get_json_object(r.record, '$.source')) as source_text,
    case lower(replace(get_json_object(r.record, '$.value'), ' ', ''))
      when 'inbed' then 'in_bed'
      when 'awake' then 'awake'
      when 'core' then 'light'
      when 'deep' then 'deep'
      when 'rem' then 'rem'
      when 'asleep' then 'asleep'
      when 'unspecified' then 'asleep'
      when 'asleepunspecified' then 'asleep'
    end as stage,
    -- the app's own hours; its times where it gives none
    coalesce(
      case when abs(r.hours_n) < 1e9 then r.hours_n when r.hours_n is not null then 1e9 end * 3600e0,
      cast(b.start_s - a.start_s as double)
    ) as seconds_n,
    a.start_s,
    b.start_s as end_s,
    b.offset_s,
    b.date_text,
    r.received_ms
  from numbers r
  left join times a on a.text = get_json_object(r.record, '$.startDate')
  left join times b on b.text = get_json_object(r.record, '$.endDate')
),
ranked as (
  select
    *,
    cast(row_number() over (
      -- what cannot be placed or named equals nothing
      partition by user_id, account, coalesce(source_text, ''),
        case when start_s is null or end_s is null or stage is null then key end, start_s, end_s, stage
      order by received_ms desc, raw_key desc, length(pointer) desc, pointer desc
    ) as bigint) as statement_rank
  from timed
),
final as (select * from ranked where statement_rank = 1)
select * from final
