with objects_in as (select * from objects),
retractions as (select * from stg_wellspring__retractions),
owners as (select * from account_owners),
standing as (
  select o.*
  from objects_in o
  anti join retractions r on r.raw_key = o.raw_key
),
copies as (
  select
    *,
    row_number() over (partition by account, type, raw_sha256 order by received_ms, raw_key) as copy
  from standing
),
-- pages of one delivery are one statement, as old as its first page
statements as (
  select
    *,
    coalesce(delivery_id, raw_key) as statement_id,
    min(received_ms) over (partition by account, type, coalesce(delivery_id, raw_key)) as statement_ms
  from copies
  where copy = 1
),
final as (
  select
    s.raw_key,
    s.raw_sha256,
    s.statement_id,
    s.provider,
    s.account,
    w.user_id,
    s.type,
    s.problem,
    s.problem_detail,
    s.covers_from,
    s.covers_to,
    s.statement_ms,
    s.received_ms
  from statements s
  left join owners w
    on w.account = s.account and w.from_ms <= s.received_ms and s.received_ms < w.until_ms
)
select * from final
