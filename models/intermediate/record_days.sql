-- the local day of every record: the provider's civil date, else the record's offset, else the person's zone at that instant
with contexts_in as (select * from contexts),
zones as (select * from user_zones),
zoned as (
  select
    c.*,
    z.zone,
    case
      when c.day_s between -2208988800 and 7258118400 and z.zone is not null
        then unix_seconds(from_utc_timestamp(timestamp_seconds(c.day_s), z.zone)) - c.day_s
    end as zone_offset_s
  from contexts_in c
  left join zones z
    on z.user_id = c.user_id
    and z.from_s <= coalesce(c.day_s, cast(floor(c.received_ms / 1000e0) as bigint))
    and coalesce(c.day_s, cast(floor(c.received_ms / 1000e0) as bigint)) < z.until_s
),
dated as (
  select
    *,
    case
      when kind = 'daily' and end_s is null and (start_s + zone_offset_s) % 86400 = 0
        then unix_seconds(
          to_utc_timestamp(cast(date_add(cast(timestamp_seconds(start_s + zone_offset_s) as date), 1) as timestamp), zone)
        )
    end as next_midnight_s
  from zoned
),
final as (
  select
    raw_key, raw_sha256, provider, account, user_id, type, entity, name, pointer, key,
    source_type, device, unit, kind, quality, provider_record_id,
    start_s,
    -- a total that says no length ends with its day: at the person's next midnight when it began at one of theirs, else after 24 hours
    coalesce(
      end_s,
      next_midnight_s,
      case when kind = 'daily' then start_s + 86400 end
    ) as end_s,
    coalesce(offset_s, zone_offset_s) as offset_s,
    zone,
    case
      when date_text is not null then try_cast(case when date_text like '____-__-__%' then substring(date_text, 1, 10) end as date)
      when day_s between -2208988800 and 7258118400
        then cast(timestamp_seconds(day_s + coalesce(offset_s, zone_offset_s, 0)) as date)
    end as local_date,
    modified_ms,
    received_ms
  from dated
)
select * from final
