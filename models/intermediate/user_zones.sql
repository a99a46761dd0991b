with users as (select * from stg_wellspring__users),
stated as (
  select
    user_id,
    zone,
    coalesce(cast(floor(zone_since_ms / 1000e0) as bigint), -9007199254740991) as since_s,
    raw_key,
    row_number() over (partition by user_id order by effective_ms, sequence_n) as step
  from users
  where user_id is not null and zone is not null
),
-- what is stated later holds from its own beginning on, also over what was stated before for after that
hidden as (
  select distinct s.user_id, s.step
  from stated s
  join stated later on later.user_id = s.user_id and later.step > s.step and later.since_s <= s.since_s
),
standing as (
  select s.*
  from stated s
  anti join hidden h on h.user_id = s.user_id and h.step = s.step
),
final as (
  select
    user_id,
    zone,
    case
      when row_number() over (partition by user_id order by since_s) = 1 then -9007199254740991
      else since_s
    end as from_s,
    coalesce(lead(since_s) over (partition by user_id order by since_s), 9007199254740991) as until_s,
    raw_key
  from standing
)
select * from final
