-- sessions from single stages; they count only until Withings' own summary of that night is there
with stages as (select * from stg_withings__segments),
summaries as (select * from stg_withings__sleeps),
placed as (
  select
    *,
    row_number() over (partition by user_id, account, night order by start_s, end_s, raw_key, length(pointer), pointer) as place
  from stages
),
summed as (
  select
    user_id, account, night,
    min(start_s) as start_s,
    max(end_s) as end_s,
    max(received_ms) as received_ms,
    cast(sum(case when stage = 'light' then end_s - start_s end) as bigint) as light_s,
    cast(sum(case when stage = 'deep' then end_s - start_s end) as bigint) as deep_s,
    cast(sum(case when stage = 'rem' then end_s - start_s end) as bigint) as rem_s,
    cast(sum(case when stage = 'awake' then end_s - start_s end) as bigint) as awake_s,
    cast(sum(case when stage <> 'awake' then end_s - start_s end) as bigint) as asleep_s
  from placed
  group by user_id, account, night
),
told as (
  select distinct n.user_id, n.account, n.night
  from summed n
  join summaries s on s.user_id = n.user_id and s.account = n.account and s.start_s < n.end_s and n.start_s < s.end_s
),
final as (
  select
    f.raw_key, f.raw_sha256, f.provider, n.account, n.user_id, f.type, 'night' as entity, '' as name, f.pointer, f.key, f.record,
    case f.model_text when '16' then 'watch' else 'unknown' end as source_type,
    cast(null as string) as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'provisional' as quality,
    cast(null as string) as provider_record_id,
    n.start_s, n.end_s, n.end_s as day_s,
    cast(null as bigint) as offset_s,
    cast(null as string) as date_text,
    cast(null as bigint) as modified_ms,
    n.received_ms,
    n.light_s, n.deep_s, n.rem_s, n.awake_s, n.asleep_s
  from summed n
  join placed f on f.user_id = n.user_id and f.account = n.account and f.night = n.night and f.place = 1
  anti join told t on t.user_id = n.user_id and t.account = n.account and t.night = n.night
)
select * from final
