-- the rows of a diary each meal was made from
with values_in as (select * from meal_values),
final as (
  select user_id, account, provider, meal, raw_key, pointer as raw_pointer, local_date
  from values_in
  group by user_id, account, provider, meal, raw_key, pointer, local_date
)
select * from final
