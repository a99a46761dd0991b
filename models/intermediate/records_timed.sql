-- whether the time of a record can be believed: after 1970-01-02, at most 48 h after it was received, at most 48 h long
with days as (select * from record_days),
received as (
  select *, cast(floor(received_ms / 1000e0) as bigint) as received_s, cast(timestamp_millis(received_ms) as date) as received_date
  from days
),
final as (
  select
    *,
    case
      when local_date is null then 'no readable date'
      when local_date < date '1970-01-02' or datediff(local_date, received_date) > 3 then 'the date lies outside what can be'
      when start_s < 86400 then 'before 1970-01-02'
      when start_s > received_s + 172800 then 'more than 48 h after it was received'
      when end_s < start_s then 'the end lies before the start'
      when end_s - start_s > 172800 then 'longer than 48 h'
      when kind is null and entity in ('sleep', 'night', 'nap', 'workout', 'activity') and (start_s is null or end_s is null)
        then 'no readable start or end'
    end as implausible
  from received
)
select * from final
