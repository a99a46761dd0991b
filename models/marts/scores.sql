with measures_in as (select * from measures where rule is null and kind = 'score'),
sleeps as (select raw_key, pointer, is_main, length_rank from sleep_ranks),
scores_in as (select name, try_cast(scale_min as double) as scale_min, try_cast(scale_max as double) as scale_max from score_scales),
-- one score a day: that of the main sleep, else of the longest; else of the newest record
chosen as (
  select
    m.*,
    row_number() over (
      partition by m.user_id, m.local_date, m.metric
      order by case when s.is_main then 0 else 1 end, coalesce(s.length_rank, 1000), m.start_s desc, m.account, m.raw_key,
        length(m.pointer), m.pointer
    ) as choice
  from measures_in m
  left join sleeps s on s.raw_key = m.raw_key and s.pointer = m.pointer
),
final as (
  select
    c.user_id, c.account, c.provider, c.local_date, c.metric as name, c.value, d.scale_min, d.scale_max, c.raw_key,
    c.field_pointer as raw_pointer
  from chosen c
  join scores_in d on d.name = c.metric
  where c.choice = 1
)
select * from final
