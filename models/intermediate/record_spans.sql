-- the time of every version of a record that displaces by overlapping
with garmin_sleeps as (select * from stg_garmin__sleep_spans),
apple_sleeps as (select * from stg_apple__sleep_spans),
withings_sleeps as (select * from stg_withings__sleep_spans),
final as (
  select raw_key, pointer, start_s, end_s from garmin_sleeps
  union all
  select raw_key, pointer, start_s, end_s from apple_sleeps
  union all
  select raw_key, pointer, start_s, end_s from withings_sleeps
)
select * from final
