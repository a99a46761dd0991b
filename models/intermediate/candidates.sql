-- what each source would say of each day, in order of who is believed; what no day can hold is believed of nobody
with judged as (select * from candidates_judged where not is_refused),
priorities as (select * from user_priorities),
final as (
  select
    s.*,
    case when s.device = '' then s.provider else s.provider || '/' || s.device end as source,
    cast(row_number() over (
      partition by s.user_id, s.local_date, s.metric
      order by coalesce(p.user_rank, 1000), s.main_rank, s.type_rank, s.n_observations desc, s.provider, s.account, s.device
    ) as int) as rank
  from judged s
  left join priorities p
    on p.user_id = s.user_id and p.metric = s.metric and p.provider = s.provider
    and p.from_date <= s.local_date and s.local_date < p.until_date
)
select * from final
