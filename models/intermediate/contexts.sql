-- every record that stands and has something to say, with its time and its source
with nights_in as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, name, pointer, key, record, source_type, device, unit,
    kind, quality, provider_record_id, start_s, end_s, day_s, offset_s, date_text, modified_ms, received_ms
  from stg_apple__nights
),
workouts_in as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, name, pointer, key, record, source_type, device, unit,
    kind, quality, provider_record_id, start_s, end_s, day_s, offset_s, date_text, modified_ms, received_ms
  from workout_contexts
),
nutrition_in as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, name, pointer, key, record, source_type, device, unit,
    kind, quality, provider_record_id, start_s, end_s, day_s, offset_s, date_text, modified_ms, received_ms
  from stg_myfitnesspal__nutrition
),
withings_nights_in as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, name, pointer, key, record, source_type, device, unit,
    kind, quality, provider_record_id, start_s, end_s, day_s, offset_s, date_text, modified_ms, received_ms
  from stg_withings__nights
),
final as (
  select * from stg_garmin__summaries
  union all
  select * from stg_garmin__sleeps
  union all
  select * from stg_garmin__naps
  union all
  select * from stg_garmin__body_comps
  union all
  select * from stg_apple__metrics
  union all
  select * from stg_apple__sleeps
  union all
  select * from nights_in
  union all
  select * from workouts_in
  union all
  select * from nutrition_in
  union all
  select * from stg_myfitnesspal__measurements
  union all
  select * from stg_withings__measures
  union all
  select * from stg_withings__activities
  union all
  select * from stg_withings__slots
  union all
  select * from stg_withings__sleeps
  union all
  select * from withings_nights_in
  union all
  select * from stg_oura__days
  union all
  select * from stg_oura__sleeps
)
select * from final
