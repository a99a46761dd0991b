with objects_in as (select * from objects),
payloads_in as (select * from payloads),
retractions as (select * from stg_wellspring__retractions),
records_in as (select raw_key, type, entity, record, carried from records where entity <> 'misshapen'),
hae as (select distinct name from hae_metrics),
withings_codes as (select distinct code from withings_measures),
-- a row of measurements holds what the person measures besides: names nobody has published, so nobody maps them
columns_in as (
  select raw_key, record, explode(json_object_keys(record)) as name
  from records_in
  where type = 'myfitnesspal.measurement'
),
unmapped as (
  select raw_key, cast(count(*) as int) as n_values
  from columns_in
  -- a name with a dot in it cannot be looked up: it counts, blank or not
  where lower(name) not in ('date', 'time', 'weight') and coalesce(trim(get_json_object(record, '$.' || name)), '?') <> ''
  group by raw_key
),
counted as (
  select
    r.raw_key,
    cast(count(*) as int) as n_records,
    -- what nobody maps is counted, not refused: a name we do not know, a sum of weeks, a watch that slept on the table
    cast(count(
      case
        when r.type = 'apple.metrics' and r.entity = 'metric' and h.name is null then 1
        when r.type = 'apple.metrics' and r.entity = 'metric'
          and regexp_like(lower(get_json_object(r.carried, '$.aggregation')), 'week|month|year') then 1
        when r.type = 'garmin.sleeps' and get_json_object(r.record, '$.validation') = 'OFF_WRIST' then 1
        when r.type = 'garmin.sleeps' and get_json_object(r.record, '$.napValidation') = 'OFF_WRIST' then 1
        when r.type = 'withings.getmeas' and r.entity = 'measure' and (w.code is null or get_json_object(r.carried, '$.category') <> '1') then 1
        when r.type = 'withings.sleep-get' and r.entity = 'segment'
          and coalesce(get_json_object(r.record, '$.state'), '') not in ('0', '1', '2', '3', '4', '5', '15') then 1
        when r.type = 'oura.sleep' and get_json_object(r.record, '$.type') in ('deleted', 'rest') then 1
        when r.type in ('oura.session', 'oura.daily_stress') then 1
      end
    ) as int) as n_ignored
  from records_in r
  left join hae h on h.name = lower(get_json_object(r.carried, '$.name'))
  left join withings_codes w on w.code = get_json_object(r.record, '$.type') and r.type = 'withings.getmeas'
  group by r.raw_key
),
final as (
  select
    o.raw_key,
    o.raw_sha256,
    o.delivery_id,
    o.provider,
    o.account,
    p.user_id,
    o.type,
    o.bytes,
    o.receiver,
    case
      when t.raw_key is not null then 'retracted'
      -- what names nobody waits for nobody, nor do our own facts
      when p.user_id is null and o.account <> 'a_unknown' and o.provider <> 'wellspring' then 'unclaimed'
      when o.problem is not null then 'refused'
      else 'processed'
    end as state,
    coalesce(c.n_records, 0) as n_records,
    coalesce(c.n_ignored, 0) + coalesce(u.n_values, 0) as n_ignored,
    o.batch_id,
    timestamp_millis(o.received_ms) as received_at
  from objects_in o
  left join payloads_in p on p.account = o.account and p.type = o.type and p.raw_sha256 = o.raw_sha256
  left join retractions t on t.raw_key = o.raw_key
  left join counted c on c.raw_key = o.raw_key
  left join unmapped u on u.raw_key = o.raw_key
)
select * from final
