with nights as (select * from stg_apple__night_sessions),
segments as (select * from stg_apple__sleep_segments where stage = 'in_bed' and end_s > start_s),
in_bed as (
  select
    n.user_id, n.account, n.source_key, n.night,
    cast(sum(cast(floor(b.seconds_n + 0.5e0) as bigint)) as bigint) as in_bed_s
  from nights n
  join segments b on b.user_id = n.user_id and b.account = n.account and b.start_s < n.end_s and n.start_s < b.end_s
  group by n.user_id, n.account, n.source_key, n.night
),
final as (
  select
    n.raw_key, n.raw_sha256, n.provider, n.account, n.user_id, n.type, n.entity, '' as name, n.pointer, n.key, n.record,
    case
      when n.source_key like '%|%' then 'multiple'
      when n.source_key like '%Watch%' then 'watch'
      when n.source_key like '%Phone%' or n.source_key like '%iPad%' then 'phone'
      when n.source_key = '' then 'unknown'
      else 'app'
    end as source_type,
    case when n.source_key not like '%|%' then nullif(n.source_key, '') end as device,
    cast(null as string) as unit,
    cast(null as string) as kind,
    'provisional' as quality,
    cast(null as string) as provider_record_id,
    n.start_s, n.end_s, n.end_s as day_s, n.offset_s, n.date_text,
    cast(null as bigint) as modified_ms,
    n.received_ms,
    n.light_s, n.deep_s, n.rem_s, n.awake_s, n.asleep_s, b.in_bed_s
  from nights n
  left join in_bed b
    on b.user_id = n.user_id and b.account = n.account and b.source_key = n.source_key and b.night = n.night
)
select * from final
