with refused as (select * from refusals),
final as (
  select
    substring(sha2(concat_ws('|', account, type, raw_sha256, pointer, rule, field), 256), 1, 32) as quarantine_id,
    raw_key,
    pointer,
    provider,
    account,
    user_id,
    type,
    rule,
    detail,
    text,
    local_date,
    timestamp_millis(received_ms) as first_seen,
    cast(null as timestamp) as released_at
  from refused
)
select * from final
