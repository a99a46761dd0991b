with activities_in as (select * from activities),
final as (select sport, title, sport_group from activities_in)
select * from final
