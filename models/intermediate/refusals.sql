with refused_in as (select * from refused_things),
payloads_in as (select raw_key, raw_sha256, provider, account, user_id, type, received_ms from payloads),
-- tokens and callback addresses inside a provider's text are nobody's business
final as (
  select
    r.raw_key, p.raw_sha256, p.provider, p.account, p.user_id, p.type, r.pointer, r.rule, r.field, r.detail,
    substring(
      regexp_replace(r.text, '(?i)"[a-z_]*(token|secret|callback|password|authorization)[a-z_]*" *: *"[^"]*"', '"masked":"***"'),
      1, 200
    ) as text,
    r.local_date, p.received_ms
  from refused_in r
  join payloads_in p on p.raw_key = r.raw_key
)
select * from final
