-- the days a record can say anything of, whether it stands or not, and the instants of those that displace by overlapping: what of the past
-- a batch has to read is found by these
with placed as (select * from record_moments),
gathered as (
  select
    raw_key, pointer,
    min(local_date) as first_date,
    max(case when local_date is not null then last_date end) as last_date,
    min(case when start_s between -2208988800 and 7258118400 then start_s end) as first_s,
    max(case when end_s between -2208988800 and 7258118400 then end_s end) as last_s,
    min(case when displaces = 1 then start_s end) as start_s,
    max(case when displaces = 1 then end_s end) as end_s
  from placed
  group by raw_key, pointer
),
timed as (
  select *, cast(timestamp_seconds(first_s) as date) as start_date, cast(timestamp_seconds(last_s) as date) as end_date
  from gathered
),
-- no zone is more than a day from UTC: instants further than that from the date a record names are of days of their own
final as (
  select
    raw_key, pointer,
    case
      when first_date is null then date_add(start_date, -1)
      when date_add(start_date, 1) < first_date then date_add(start_date, -2)
      else first_date
    end as from_date,
    case
      when last_date is null then date_add(end_date, 1)
      when date_add(end_date, -1) > last_date then date_add(end_date, 2)
      else last_date
    end as to_date,
    start_s,
    end_s
  from timed
)
select * from final
