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
-- without the header the rows of one metric of one delivery tell: all at midnight are days, all on the hour hours
inferred as (
  select
    *,
    case
      when stated_as is not null then stated_as
      when min(case when wall_s % 86400 = 0 then 1 else 0 end) over (partition by raw_key, name) = 1 then 'day'
      when min(case when wall_s % 3600 = 0 then 1 else 0 end) over (partition by raw_key, name) = 1 then 'hour'
      when min(case when wall_s % 60 = 0 then 1 else 0 end) over (partition by raw_key, name) = 1 then 'minute'
      else 'sample'
    end as span
  from stated
),
-- stated and inferred rows of one stretch are the same statement twice
final as (
  select
    *,
    row_number() over (
      partition by user_id, account, name, span, start_s, case when span = 'sample' then source_text end
      order by case when stated_as is null then 1 else 0 end, received_ms desc, raw_key desc, length(pointer) desc, pointer desc
    ) as statement_rank
  from inferred
)
select * from final
