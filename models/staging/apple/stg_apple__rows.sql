-- rows of Health Auto Export metrics with their time, and how much time a row stands for:
-- longer (than a day), day, hour, minute, second or sample
with records_in as (select * from records_current where type = 'apple.metrics' and entity = 'metric'),
times as (select * from stg_apple__times),
named as (
  select
    r.*,
    lower(get_json_object(r.carried, '$.name')) as name,
    coalesce(get_json_object(r.carried, '$.units'), '') as unit,
    lower(get_json_object(r.carried, '$.aggregation')) as header,
    trim(get_json_object(r.record, '$.source')) as source_text,
    t.date_text,
    t.wall_s,
    t.start_s,
    t.offset_s
  from records_in r
  left join times t on t.text = get_json_object(r.record, '$.date')
),
stated as (
  select
    *,
    case
      when regexp_like(header, 'week|month|year') then 'longer'
      when header like '%second%' then 'second'
      when header like '%minute%' then 'minute'
      when header like '%hour%' then 'hour'
      when header like '%day%' or header like '%daily%' then 'day'
    end as stated_as
  from named
),
-- without the header the standing rows of one metric and local date tell, whatever delivery brought them: all at midnight are days,
-- all on the hour hours; a single delivery would not do, as the first hour after midnight often comes alone. A row whose clock
-- cannot be read says nothing
told as (
  select
    *,
    max(case when wall_s % 86400 <> 0 then 1 else 0 end) over (partition by user_id, account, name, date_text, header) as off_midnight,
    max(case when wall_s % 3600 <> 0 then 1 else 0 end) over (partition by user_id, account, name, date_text, header) as off_hour,
    max(case when wall_s % 60 <> 0 then 1 else 0 end) over (partition by user_id, account, name, date_text, header) as off_minute
  from stated
),
inferred as (
  select
    *,
    case
      when stated_as is not null then stated_as
      when off_midnight = 0 then 'day'
      when off_hour = 0 then 'hour'
      when off_minute = 0 then 'minute'
      else 'sample'
    end as span
  from told
),
-- one stretch stated twice is one statement: stated goes before inferred, then the newest counts. The app writes every time with
-- the offset the phone is in, so after a journey a day comes again under the same date and anything shorter at the same instant
final as (
  select
    *,
    cast(row_number() over (
      partition by user_id, account, name, span,
        case when span = 'day' then coalesce(date_text, key) else coalesce(cast(start_s as string), key) end,
        case when span = 'sample' then source_text end
      order by case when stated_as is null then 1 else 0 end, received_ms desc, raw_key desc, length(pointer) desc, pointer desc
    ) as bigint) as statement_rank
  from inferred
)
select * from final
