with eaten as (select * from meal_values),
meal_kinds_in as (select * from meal_kinds),
summed as (
  select
    user_id, account, provider, local_date, meal,
    cast(sum(case when metric = 'diet_energy_kcal' then micro end) as bigint) / 1000000e0 as energy_kcal,
    cast(sum(case when metric = 'diet_protein_g' then micro end) as bigint) / 1000000e0 as protein_g,
    cast(sum(case when metric = 'diet_carbs_g' then micro end) as bigint) / 1000000e0 as carbs_g,
    cast(sum(case when metric = 'diet_fat_g' then micro end) as bigint) / 1000000e0 as fat_g,
    cast(sum(case when metric = 'diet_fiber_g' then micro end) as bigint) / 1000000e0 as fiber_g,
    cast(sum(case when metric = 'diet_sugar_g' then micro end) as bigint) / 1000000e0 as sugar_g,
    cast(sum(case when metric = 'diet_sat_fat_g' then micro end) as bigint) / 1000000e0 as sat_fat_g,
    cast(sum(case when metric = 'diet_sodium_mg' then micro end) as bigint) / 1000000e0 as sodium_mg,
    cast(sum(case when metric = 'diet_cholesterol_mg' then micro end) as bigint) / 1000000e0 as cholesterol_mg,
    cast(sum(case when metric = 'diet_potassium_mg' then micro end) as bigint) / 1000000e0 as potassium_mg,
    cast(count(case when metric = 'diet_energy_kcal' then 1 end) as int) as n_rows,
    max(case when place = 1 then raw_key end) as raw_key,
    max(case when place = 1 then pointer end) as raw_pointer
  from eaten
  group by user_id, account, provider, local_date, meal
),
final as (
  select
    s.user_id, s.account, s.provider, s.local_date, s.meal, coalesce(k.meal_kind, 'other') as meal_kind, s.energy_kcal, s.protein_g,
    s.carbs_g, s.fat_g, s.fiber_g, s.sugar_g, s.sat_fat_g, s.sodium_mg, s.cholesterol_mg, s.potassium_mg, s.n_rows, s.raw_key,
    s.raw_pointer
  from summed s
  left join meal_kinds_in k on k.provider = s.provider and k.meal = lower(s.meal)
)
select * from final
