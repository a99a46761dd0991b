-- readings within nights and days; of none of them is 0 a value
with nights_in as (
  select * from records_current
  where type = 'withings.sleep-get' and entity in ('heart_rate', 'respiration', 'rmssd', 'sdnn')
),
slots_in as (select * from stg_withings__slots),
metrics_in as (select metric from metrics),
told as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, pointer,
    case entity
      when 'heart_rate' then 'heart_rate_bpm'
      when 'respiration' then 'respiratory_rate_brpm'
      when 'rmssd' then 'hrv_rmssd_ms'
      else 'hrv_sdnn_ms'
    end as metric,
    case get_json_object(carried, '$.model') when '16' then 'watch' else 'unknown' end as source_type,
    cast(null as string) as device,
    get_json_object(record, '$.value') as text,
    try_cast(get_json_object(record, '$.key') as double) as at_n,
    received_ms
  from nights_in
  union all
  select
    s.raw_key, s.raw_sha256, s.provider, s.account, s.user_id, s.type,
    s.pointer || case m.metric
      when 'heart_rate_bpm' then '/heart_rate'
      when 'spo2_pct' then '/spo2_auto'
      when 'respiratory_rate_brpm' then '/rr'
      when 'hrv_rmssd_ms' then '/rmssd'
      else '/sdnn1'
    end as pointer,
    m.metric,
    s.source_type,
    s.device,
    case m.metric
      when 'heart_rate_bpm' then get_json_object(s.record, '$.heart_rate')
      when 'spo2_pct' then get_json_object(s.record, '$.spo2_auto')
      when 'respiratory_rate_brpm' then get_json_object(s.record, '$.rr')
      when 'hrv_rmssd_ms' then get_json_object(s.record, '$.rmssd')
      else get_json_object(s.record, '$.sdnn1')
    end as text,
    s.start_s * 1e0 as at_n,
    s.received_ms
  from slots_in s
  cross join metrics_in m
  where m.metric in ('heart_rate_bpm', 'spo2_pct', 'respiratory_rate_brpm', 'hrv_rmssd_ms', 'hrv_sdnn_ms')
),
numbers as (
  select
    *,
    try_cast(case when regexp_like(text, '^[-+]?[0-9]+([.][0-9]*)?([eE][-+]?[0-9]+)?$') then text end as double) as value
  from told
  where text is not null
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, pointer, metric, source_type, device, text, value,
    cast(floor(case when abs(at_n) < 1e15 then at_n when at_n is not null then 1e15 end) as bigint) as at_s,
    cast(null as bigint) as offset_s,
    cast(null as string) as date_text,
    received_ms
  from numbers
  where value is null or value <> 0e0
)
select * from final
