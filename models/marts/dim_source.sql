-- every source a stored value, night or workout names
with days as (select user_id, provider, account, device, type_rank from source_days),
types as (select source_type, cast(try_cast(rank as double) as int) as type_rank from source_priority),
best as (
  select user_id, provider, account, device, min(type_rank) as type_rank
  from days
  group by user_id, provider, account, device
),
final as (
  select
    b.user_id,
    b.provider,
    b.account,
    b.device,
    case when b.device = '' then b.provider else b.provider || '/' || b.device end as source,
    t.source_type,
    b.type_rank as priority
  from best b
  join types t on t.type_rank = b.type_rank
)
select * from final
