-- workouts of all providers, with what only workouts say: the provider's word for the sport, and what its energy holds
with final as (
  select * from stg_garmin__activities
  union all
  select * from stg_apple__workouts
  union all
  select * from stg_withings__workouts
  union all
  select * from stg_oura__workouts
)
select * from final
