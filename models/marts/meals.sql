with measures_in as (select * from measures where rule is null and type = 'myfitnesspal.nutrition'),
rows_in as (select * from stg_myfitnesspal__nutrition),
meal_kinds_in as (select * from meal_kinds),
-- of several diaries the one whose energy is the day's, so that meals and day tell the same
diaries as (
  select user_id, local_date, provider, account, min(rank) as diary_rank
  from daily_candidates
  where metric = 'diet_energy_kcal'
  group by user_id, local_date, provider, account
),
eaten as (
  select
    m.user_id,
    m.account,
    m.provider,
    m.local_date,
    coalesce(nullif(r.meal, ''), 'other') as meal,
    m.metric,
    cast(floor(m.value * 1000000e0 + 0.5e0) as bigint) as micro,
    m.raw_key,
    m.pointer,
    dense_rank() over (partition by m.user_id, m.local_date order by coalesce(d.diary_rank, 1000), m.account) as account_rank,
    row_number() over (
      partition by m.user_id, m.account, m.local_date, coalesce(nullif(r.meal, ''), 'other')
      order by m.raw_key, length(m.pointer), m.pointer, m.metric
    ) as place
  from measures_in m
  join rows_in r on r.raw_key = m.raw_key and r.pointer = m.pointer
  left join diaries d
    on d.user_id = m.user_id and d.local_date = m.local_date and d.provider = m.provider and d.account = m.account
),
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
  where account_rank = 1
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
