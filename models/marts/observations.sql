with measures_in as (select * from measures where rule is null and kind in ('sample', 'interval', 'daily', 'session')),
versions_in as (select version from versions where model = 'observations'),
final as (
  select
    m.user_id,
    m.account,
    m.provider,
    m.source_type,
    m.device,
    m.metric,
    m.kind,
    timestamp_seconds(m.start_s) as start_utc,
    timestamp_seconds(m.end_s) as end_utc,
    cast(m.offset_s as int) as offset_s,
    m.zone,
    m.local_date,
    m.value,
    m.unit,
    m.stat,
    m.quality,
    m.provider_record_id,
    timestamp_millis(m.modified_ms) as provider_modified_at,
    m.raw_sha256,
    m.raw_key,
    m.field_pointer as raw_pointer,
    v.version as model_version,
    'open' as policy,
    timestamp_millis(m.received_ms) as received_at
  from measures_in m
  cross join versions_in v
)
select * from final
