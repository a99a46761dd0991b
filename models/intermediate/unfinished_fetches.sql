-- accounts with a notice newer than all that was fetched and all that is said to be done: a notice is an object whose name ends in its receive time; one nobody reads asks for nothing
with objects_in as (select * from objects),
owners as (select * from account_owners),
done as (select * from stg_wellspring__fetched),
states as (select user_id, account from connection_states where kind = 'oauth'),
told as (
  select
    w.user_id, o.account,
    max(case when o.problem is null and regexp_like(o.raw_key, '-[0-9a-f]{64}[.][0-9]+[.]json$') then o.received_ms end) as notice_ms,
    max(case when o.receiver = 'fetch' then o.received_ms end) as fetched_ms
  from objects_in o
  join owners w on w.account = o.account and w.from_ms <= o.received_ms and o.received_ms < w.until_ms
  group by w.user_id, o.account
),
final as (
  select t.user_id, t.account, t.notice_ms
  from told t
  join states s on s.user_id = t.user_id and s.account = t.account
  left join done d on d.user_id = t.user_id and d.account = t.account
  where t.notice_ms > coalesce(t.fetched_ms, 0) and t.notice_ms > coalesce(d.effective_ms, 0)
)
select * from final
