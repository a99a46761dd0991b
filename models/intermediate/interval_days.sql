-- what adds up, cut at local midnight in proportion to time; a piece belongs to the date it lies in
with observations_in as (select * from observations_counted where kind in ('interval', 'sample')),
summed as (select metric from metrics where day_rule in ('SUMI', 'SUM')),
days as (select * from local_days),
timed as (
  select
    o.user_id, o.local_date, o.metric, o.provider, o.account, coalesce(o.device, '') as device, o.source_type, o.raw_key, o.raw_pointer,
    cast(floor(o.value * 1000000e0 + 0.5e0) as bigint) as micro,
    unix_seconds(o.start_utc) as start_s,
    -- an instant stands for its second: it must lie somewhere to be covered by another source
    greatest(unix_seconds(o.end_utc), unix_seconds(o.start_utc) + 1) as end_s,
    cast(coalesce(o.offset_s, 0) as bigint) as offset_s
  from observations_in o
  join summed m on m.metric = o.metric
),
counted as (
  select *, cast(floor((start_s + offset_s) / 86400e0) as bigint) as first_day, cast(floor((end_s + offset_s - 1) / 86400e0) as bigint) as last_day
  from timed
  where start_s is not null
),
cut as (
  select *, explode(sequence(first_day, last_day)) as day_n
  from counted
),
pieces as (
  select
    *,
    greatest(start_s, day_n * 86400 - offset_s) as piece_start_s,
    least(end_s, (day_n + 1) * 86400 - offset_s) as piece_end_s
  from cut
),
-- shares are differences of rounded running totals, so that the pieces add up to the whole exactly
shared as (
  select
    user_id, date_from_unix_date(cast(day_n as int)) as local_date, metric, provider, account, device, source_type, raw_key, raw_pointer,
    piece_start_s as start_s,
    piece_end_s as end_s,
    case when piece_end_s = end_s then micro else cast(floor(micro * 1e0 * (piece_end_s - start_s) / (end_s - start_s)) as bigint) end
    - case when piece_start_s = start_s then 0 else cast(floor(micro * 1e0 * (piece_start_s - start_s) / (end_s - start_s)) as bigint) end as micro
  from pieces
),
undated as (
  select
    t.user_id, t.local_date, t.metric, t.provider, t.account, t.device, t.source_type, t.raw_key, t.raw_pointer,
    d.day_start_s as start_s, d.day_end_s as end_s, t.micro
  from timed t
  join days d on d.user_id = t.user_id and d.local_date = t.local_date
  where t.start_s is null
),
final as (
  select * from shared
  union all
  select * from undated
)
select * from final
