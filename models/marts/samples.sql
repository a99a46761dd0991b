with checked as (select * from sample_checks where rule is null and newest = 1),
final as (
  select
    user_id,
    account,
    provider,
    source_type,
    device,
    metric,
    timestamp_seconds(at_s) as at_utc,
    cast(known_offset_s as int) as offset_s,
    local_date,
    value,
    unit,
    raw_key,
    pointer as raw_pointer
  from checked
)
select * from final
