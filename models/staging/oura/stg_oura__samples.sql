-- heart rates of the day and night, and the variability along a sleep; the heart rates inside a sleep are those of the day again
with records_in as (select * from stg_oura__records where entity in ('heart_rate', 'hrv')),
times as (select * from stg_oura__times),
placed as (
  select
    r.*,
    case r.entity when 'hrv' then 'hrv_rmssd_ms' else 'heart_rate_bpm' end as metric,
    case r.entity when 'hrv' then nullif(r.record, 'null') else get_json_object(r.record, '$.bpm') end as text,
    t.at_s as series_s,
    t.offset_s,
    -- one of a list stands as many intervals after its beginning as its place says
    case
      when r.entity = 'hrv'
        then try_cast(get_json_object(r.carried, '$.interval') as double) * try_cast(regexp_extract(r.pointer, '([0-9]+)$', 1) as double)
      else 0e0
    end as after_n
  from records_in r
  left join times t on t.text = coalesce(get_json_object(r.carried, '$.timestamp'), get_json_object(r.record, '$.timestamp'))
),
final as (
  select
    raw_key,
    raw_sha256,
    provider,
    account,
    user_id,
    type,
    case entity when 'hrv' then pointer else pointer || '/bpm' end as pointer,
    metric,
    'ring' as source_type,
    cast(null as string) as device,
    text,
    try_cast(case when regexp_like(text, '^[-+]?[0-9]+([.][0-9]*)?([eE][-+]?[0-9]+)?$') then text end as double) as value,
    series_s + cast(floor(case when abs(after_n) < 1e9 then after_n when after_n is not null then 1e9 end) as bigint) as at_s,
    offset_s,
    cast(null as string) as date_text,
    received_ms
  from placed
  where text is not null
)
select * from final
