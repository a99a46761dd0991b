with users as (select user_id, units, effective_ms, sequence_n from stg_wellspring__users),
ranked as (
  select user_id, units, row_number() over (partition by user_id order by effective_ms desc, sequence_n desc) as age
  from users
  where user_id is not null and units is not null
),
final as (select user_id, units from ranked where age = 1)
select * from final
