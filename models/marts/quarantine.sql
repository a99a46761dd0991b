-- tokens and callback addresses inside a provider's text are nobody's business
with refused as (
  select
    *,
    regexp_replace(text, '(?i)"[a-z_]*(token|secret|callback|password|authorization)[a-z_]*" *: *"[^"]*"', '"masked":"***"') as masked
  from refusals
),
payloads_in as (select * from payloads),
final as (
  select
    substring(sha2(concat_ws('|', p.account, p.type, p.raw_sha256, r.pointer, r.rule, r.field), 256), 1, 32) as quarantine_id,
    r.raw_key,
    r.pointer,
    p.provider,
    p.account,
    p.user_id,
    p.type,
    r.rule,
    r.detail,
    substring(r.masked, 1, 200) as text,
    timestamp_millis(p.received_ms) as first_seen,
    cast(null as timestamp) as released_at
  from refused r
  join payloads_in p on p.raw_key = r.raw_key
)
select * from final
