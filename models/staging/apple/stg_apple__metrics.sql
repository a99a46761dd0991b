with rows_in as (select * from stg_apple__rows where statement_rank = 1),
known as (select distinct h.name, m.kind from hae_metrics h join metrics m on m.metric = h.metric),
mapped as (
  select r.*, k.kind as metric_kind, k.kind in ('interval', 'daily') and r.name not like '%heart_rate%' as adds
  from rows_in r
  join known k on k.name = r.name
),
-- a finer row inside a coarser one of the same metric is part of it: the coarser counts, they are never summed; hours and minutes
-- are compared as instants, since the two may be written with different offsets, and hours begin at any half past
preceded as (
  select
    *,
    max(case when span = 'day' then 1 else 0 end) over (partition by user_id, account, name, date_text) as in_day,
    max(case when span = 'hour' then start_s end) over (partition by user_id, account, name order by start_s) as hour_s,
    max(case when span = 'minute' then start_s end) over (partition by user_id, account, name order by start_s) as minute_s
  from mapped
),
nested as (
  select *, coalesce(start_s < hour_s + 3600, false) as in_hour, coalesce(start_s < minute_s + 60, false) as in_minute
  from preceded
),
sourced as (
  select
    *,
    case
      when source_text like '%|%' then 'multiple'
      when source_text like '%Watch%' then 'watch'
      when source_text like '%Phone%' or source_text like '%iPad%' then 'phone'
      when coalesce(source_text, '') = '' then 'unknown'
      else 'app'
    end as source_type
  from nested
  -- what is longer than a day is of no day
  where span <> 'longer'
    and not (span <> 'day' and in_day = 1 and adds)
    and not (span in ('minute', 'second', 'sample') and in_hour)
    and not (span in ('second', 'sample') and in_minute)
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, name, pointer, key, record,
    source_type,
    -- what the app added up is its own merge of all devices: the names it writes beside wander from row to row
    case when span = 'sample' and source_text not like '%|%' then nullif(source_text, '') end as device,
    unit,
    case when span = 'day' then 'daily' when metric_kind = 'interval' then 'interval' else 'sample' end as kind,
    case when stated_as is null then 'partial' else 'ok' end as quality,
    cast(null as string) as provider_record_id,
    start_s,
    case
      -- a day ends with the local day, 23 to 25 hours later
      when span = 'day' then null
      when metric_kind = 'interval' and span = 'hour' then start_s + 3600
      when metric_kind = 'interval' and span = 'minute' then start_s + 60
      else start_s
    end as end_s,
    start_s as day_s,
    offset_s,
    date_text,
    cast(null as bigint) as modified_ms,
    received_ms
  from sourced
)
select * from final
