-- records of statements about dates that a newer statement of the same account and type covers
with versions as (select * from record_versions),
payloads_in as (select * from payloads),
dated as (
  select raw_key, pointer, user_id, account, type, statement_id, statement_ms, covered_date
  from versions
  where replaces = 'covered' and covered_date like '____-__-__'
),
covers as (
  select user_id, account, type, statement_id, statement_ms, covers_from as from_date, covers_to as to_date
  from payloads_in
  where user_id is not null and covers_from is not null and covers_to is not null
  union
  select d.user_id, d.account, d.type, d.statement_id, d.statement_ms, d.covered_date, d.covered_date
  from dated d
  join payloads_in p on p.raw_key = d.raw_key
  where p.covers_from is null or p.covers_to is null
),
final as (
  select distinct d.raw_key, d.pointer
  from dated d
  join covers c
    on c.user_id = d.user_id and c.account = d.account and c.type = d.type
    and c.from_date <= d.covered_date and d.covered_date <= c.to_date
    and (c.statement_ms > d.statement_ms or (c.statement_ms = d.statement_ms and c.statement_id > d.statement_id))
)
select * from final
