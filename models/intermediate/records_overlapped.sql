-- records that a newer one of the same account and type overlaps in time, be that one out itself or not
with versions as (select * from record_versions),
spans_in as (select * from record_spans),
spans as (
  select v.raw_key, v.pointer, v.user_id, v.account, v.type, v.entity, v.age, s.start_s, s.end_s
  from versions v
  join spans_in s on s.raw_key = v.raw_key and s.pointer = v.pointer
  where v.replaces = 'overlap' and s.end_s >= s.start_s and s.end_s - s.start_s <= 172800
),
-- a span of at most two days touches at most two buckets of two days: an equality to join on
buckets as (
  select *, cast(floor(start_s / 172800e0) as bigint) as bucket from spans
  union
  select *, cast(floor(end_s / 172800e0) as bigint) as bucket from spans
),
final as (
  select distinct older.raw_key, older.pointer
  from buckets older
  join buckets newer
    on newer.user_id = older.user_id and newer.account = older.account and newer.type = older.type
    and newer.entity = older.entity and newer.bucket = older.bucket
    and newer.age > older.age and newer.start_s < older.end_s and older.start_s < newer.end_s
)
select * from final
