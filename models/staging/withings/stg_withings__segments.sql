-- stages with the number of the night they belong to: a gap of more than two hours begins another
with records_in as (select * from records_current where type = 'withings.sleep-get' and entity = 'segment'),
spans as (select * from stg_withings__sleep_spans),
staged as (
  select
    r.*,
    s.start_s,
    s.end_s,
    case get_json_object(r.record, '$.state')
      when '0' then 'awake'
      when '1' then 'light'
      when '2' then 'deep'
      when '3' then 'rem'
      when '4' then 'asleep'
      when '5' then 'asleep'
      when '15' then 'awake'
    end as stage,
    get_json_object(r.record, '$.model') as model_text
  from records_in r
  join spans s on s.raw_key = r.raw_key and s.pointer = r.pointer
),
reached as (
  select
    *,
    max(end_s) over (
      partition by user_id, account order by start_s, end_s, raw_key, length(pointer), pointer
      rows between unbounded preceding and 1 preceding
    ) as reached_s
  from staged
  where stage is not null and start_s >= 86400 and end_s >= start_s and end_s - start_s <= 172800
),
final as (
  select
    *,
    cast(sum(case when reached_s is null or start_s > reached_s + 7200 then 1 else 0 end) over (
      partition by user_id, account order by start_s, end_s, raw_key, length(pointer), pointer
      rows between unbounded preceding and current row
    ) as bigint) as night
  from reached
)
select * from final
