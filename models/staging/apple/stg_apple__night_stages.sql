-- stages with the number of the night they belong to, per account and source: a gap of more than two hours begins another
with segments as (select * from stg_apple__sleep_segments where start_s is not null and end_s >= start_s and stage is not null),
staged as (select *, coalesce(source_text, '') as source_key from segments where stage <> 'in_bed'),
reached as (
  select
    *,
    max(end_s) over (
      partition by user_id, account, source_key order by start_s, end_s, raw_key, length(pointer), pointer
      rows between unbounded preceding and 1 preceding
    ) as reached_s
  from staged
),
final as (
  select
    *,
    cast(sum(case when reached_s is null or start_s > reached_s + 7200 then 1 else 0 end) over (
      partition by user_id, account, source_key order by start_s, end_s, raw_key, length(pointer), pointer
      rows between unbounded preceding and current row
    ) as bigint) as night
  from reached
)
select * from final
