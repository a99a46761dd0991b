with readings as (
  select * from stg_garmin__heart_rates
  union all
  select * from stg_withings__series
  union all
  select * from stg_oura__samples
),
ranges as (select * from measure_ranges where family = 'metric'),
zones as (select * from user_zones),
dated as (
  select
    h.*,
    r.unit,
    r.min_n,
    r.max_n,
    coalesce(
      h.offset_s,
      case
        when h.at_s between -2208988800 and 7258118400 and z.zone is not null
          then unix_seconds(from_utc_timestamp(timestamp_seconds(h.at_s), z.zone)) - h.at_s
      end
    ) as known_offset_s
  from readings h
  join ranges r on r.metric = h.metric
  left join zones z on z.user_id = h.user_id and z.from_s <= h.at_s and h.at_s < z.until_s
),
placed as (
  select
    *,
    case
      when date_text is not null then try_cast(case when date_text like '____-__-__%' then substring(date_text, 1, 10) end as date)
      when at_s between -2208988800 and 7258118400 then cast(timestamp_seconds(at_s + coalesce(known_offset_s, 0)) as date)
    end as local_date,
    cast(row_number() over (
      partition by user_id, account, metric, at_s
      order by received_ms desc, raw_key desc, length(pointer) desc, pointer desc
    ) as bigint) as newest
  from dated
),
final as (
  select
    *,
    case
      when at_s is null or local_date is null or at_s < 86400 or at_s > cast(floor(received_ms / 1000e0) as bigint) + 172800
        then 'implausible_time'
      when value is null then 'not_a_number'
      when value < min_n or value > max_n then 'out_of_range'
    end as rule
  from placed
)
select * from final
