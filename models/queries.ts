import { normalQueries, type Query } from './queries-normal.ts';

// Everybody who may ask may see everybody, so each answer about people says whose it is. What Athena (Trino) and DuckDB read alike: no column may be named
// by its alias in group by, days are moved by interval '1' day and counted by date_diff, fractions are written with an exponent.

/** Questions by name, in the order people ask them; the same text runs in Athena and in `wellspring query`. */
export const queries: Readonly<Record<string, Query>> = {
  steps_by_week: {
    question: 'How many steps a day did I walk each week, against the four weeks before it?',
    sql: `with weeks as (
  select user_id, cast(date_trunc('week', local_date) as date) as week_from, count(*) as days, sum(value) / count(*) as steps_a_day
  from daily_metrics
  where metric = 'steps' and final_at < current_timestamp + interval '3' day
  group by user_id, cast(date_trunc('week', local_date) as date)
)
select w.user_id, w.week_from, w.days, w.steps_a_day, avg(p.steps_a_day) as four_weeks_before
from weeks w
left join weeks p on p.user_id = w.user_id and p.week_from < w.week_from and p.week_from >= w.week_from - interval '28' day
group by w.user_id, w.week_from, w.days, w.steps_a_day
order by w.user_id, w.week_from desc`,
  },
  sleep_and_pulse: {
    question: 'How long did I sleep, and how were my resting pulse and its variability on that day?',
    sql: `select night.user_id, night.local_date, night.value / 3600 as hours_asleep, pulse.value as resting_bpm, hrv.value as hrv_rmssd_ms
from daily_metrics night
left join daily_metrics pulse
  on pulse.user_id = night.user_id and pulse.local_date = night.local_date and pulse.metric = 'resting_heart_rate_bpm'
left join daily_metrics hrv
  on hrv.user_id = night.user_id and hrv.local_date = night.local_date and hrv.metric = 'hrv_rmssd_ms'
where night.metric = 'sleep_total_s'
order by night.user_id, night.local_date desc`,
  },
  weight_trend: {
    question: 'Where is my weight going: the mean of the last seven days, and of the seven days four weeks before?',
    sql: `with weights as (
  select user_id, local_date, value from daily_metrics where metric = 'weight_kg'
)
select today.user_id, today.local_date, today.value as weight_kg,
  avg(case when past.local_date > today.local_date - interval '7' day then past.value end) as mean_of_7_days,
  avg(case when past.local_date <= today.local_date - interval '28' day then past.value end) as mean_4_weeks_before
from weights today
join weights past
  on past.user_id = today.user_id
  and past.local_date > today.local_date - interval '35' day and past.local_date <= today.local_date
group by today.user_id, today.local_date, today.value
order by today.user_id, today.local_date desc`,
  },
  weekdays: {
    question: 'On which weekdays (1 is Monday) do I walk most and sleep longest?',
    sql: `select user_id, date_diff('day', date '1900-01-01', local_date) % 7 + 1 as weekday, count(distinct local_date) as days,
  avg(case when metric = 'steps' then value end) as steps,
  avg(case when metric = 'sleep_total_s' then value / 3600 end) as hours_asleep
from daily_metrics
where metric in ('steps', 'sleep_total_s')
group by user_id, date_diff('day', date '1900-01-01', local_date) % 7 + 1
order by user_id, weekday`,
  },
  workouts_by_month: {
    question: 'What did I train each month, by sport: how often, how long, how far?',
    sql: `select user_id, cast(date_trunc('month', local_date) as date) as month_from, sport, count(*) as workouts,
  sum(elapsed_s) / 3600 as hours, sum(distance_m) / 1000 as km, sum(energy_active_kcal) as active_kcal, max(hr_max_bpm) as highest_bpm
from workouts
group by user_id, cast(date_trunc('month', local_date) as date), sport
order by user_id, month_from desc, sport`,
  },
  gaps: {
    question: 'Which days have no steps, sleep, resting pulse or weight although days before and after have?',
    sql: `with days as (
  select user_id, metric, local_date, lead(local_date) over (partition by user_id, metric order by local_date) as next_day
  from daily_metrics
  where metric in ('steps', 'sleep_total_s', 'resting_heart_rate_bpm', 'weight_kg')
)
select user_id, metric, local_date as last_day, next_day, date_diff('day', local_date, next_day) - 1 as days_without
from days
where date_diff('day', local_date, next_day) > 1
order by user_id, metric, last_day desc`,
  },
  nights_by_device: {
    question: 'How much of each night did each device see, and which night counted?',
    sql: `with sleeps as (
  select user_id, local_date, provider, device, is_main, asleep_s, start_utc, end_utc
  from sleep_sessions
  where not coalesce(is_nap, false)
), nights as (
  select user_id, local_date, min(start_utc) as began_utc, max(end_utc) as ended_utc from sleeps group by user_id, local_date
)
select s.user_id, s.local_date, s.provider, s.device, s.is_main, s.asleep_s / 3600 as hours_asleep,
  1e2 * date_diff('second', s.start_utc, s.end_utc) / nullif(date_diff('second', n.began_utc, n.ended_utc), 0) as night_pct
from sleeps s
join nights n on n.user_id = s.user_id and n.local_date = s.local_date
order by s.user_id, s.local_date desc, s.start_utc, s.provider, s.device`,
  },
  days_side_by_side: {
    question: 'How was each day, with its main numbers side by side?',
    sql: `select f.user_id, f.local_date, d.weekday, f.steps, f.sleep_total_s / 3600 as hours_asleep, f.resting_heart_rate_bpm, f.weight_kg
from fact_daily f
join dim_date d on d.date = f.local_date
order by f.user_id, f.local_date desc`,
  },
  weekends: {
    question: 'How do weekends differ from working days: steps, sleep, active energy?',
    sql: `select f.user_id, d.is_weekend, count(*) as days, avg(f.steps) as steps, avg(f.sleep_total_s) / 3600 as hours_asleep,
  avg(f.energy_active_kcal) as active_kcal
from fact_daily f
join dim_date d on d.date = f.local_date
group by f.user_id, d.is_weekend
order by f.user_id, d.is_weekend`,
  },
  training_by_quarter: {
    question: 'How many hours did I train each quarter, by kind of sport?',
    sql: `select w.user_id, d.year, d.quarter, a.sport_group, count(*) as workouts, sum(w.elapsed_s) / 3600 as hours
from fact_workout w
join dim_date d on d.date = w.local_date
join dim_activity a on a.sport = w.sport
group by w.user_id, d.year, d.quarter, a.sport_group
order by w.user_id, d.year desc, d.quarter desc, a.sport_group`,
  },
  zones: {
    question: 'In which time zones was I, for how many days, and how long did I sleep there?',
    sql: `select u.user_id, u.zone, count(*) as days, min(f.local_date) as first_day, max(f.local_date) as last_day,
  avg(f.sleep_total_s) / 3600 as hours_asleep
from fact_daily f
join dim_user u on u.user_id = f.user_id and f.local_date between u.valid_from and u.valid_to
group by u.user_id, u.zone
order by u.user_id, first_day, u.zone`,
  },
  measured: {
    question: 'What is measured of me, in which unit, since when and on how many days?',
    sql: `select f.user_id, m.title, m.unit, count(*) as days, min(f.local_date) as first_day, max(f.local_date) as last_day
from fact_daily_metric f
join dim_metric m on m.metric = f.metric
group by f.user_id, m.title, m.unit
order by f.user_id, days desc, m.title`,
  },
  devices: {
    question: 'Which apps and devices tell of me, what are they, and on how many days was each believed first?',
    sql: `select s.user_id, s.source, s.source_type, count(distinct f.metric) as metrics, count(distinct f.local_date) as days_first,
  max(f.local_date) as last_day
from dim_source s
left join fact_daily_metric f on f.user_id = s.user_id and f.winner_source = s.source
group by s.user_id, s.source, s.source_type
order by s.user_id, days_first desc, s.source, s.source_type`,
  },
  sources: {
    question: 'Which source is believed for each metric, and on how many days did it count?',
    sql: `select user_id, metric, source, count(*) as days_told,
  sum(case when counted is not null then 1 else 0 end) as days_counted, sum(case when is_winner then 1 else 0 end) as days_first
from daily_candidates
group by user_id, metric, source
order by user_id, metric, days_first desc, source`,
  },
  disagreements: {
    question: 'Where do my sources disagree most about the same day?',
    sql: `select user_id, local_date, metric, count(*) as n_sources, min(value) as least, max(value) as most,
  1e2 * (max(value) - min(value)) / nullif(abs(max(value)), 0) as apart_pct
from daily_candidates
group by user_id, local_date, metric
having count(*) > 1 and max(value) > min(value)
order by apart_pct desc nulls last, user_id, local_date, metric
limit 100`,
  },
  newest_day: {
    question: 'How did each number of my newest day come about: who said what, and what of it counted?',
    sql: `with newest as (
  select user_id, max(local_date) as local_date from daily_metrics group by user_id
)
select d.user_id, d.local_date, d.metric, d.value, d.unit, c.rank, c.source, c.value as said, c.counted
from newest n
join daily_metrics d on d.user_id = n.user_id and d.local_date = n.local_date
join daily_candidates c on c.user_id = d.user_id and c.local_date = d.local_date and c.metric = d.metric
order by d.user_id, d.metric, c.rank`,
  },
  evidence: {
    question: 'In which raw object, and where in it, does each of my newest values stand?',
    sql: `with newest as (
  select user_id, metric, max(local_date) as local_date from observations group by user_id, metric
)
select o.user_id, o.local_date, o.metric, o.kind, o.value, o.unit, o.provider, o.raw_key, o.raw_pointer, o.received_at
from newest n
join observations o on o.user_id = n.user_id and o.metric = n.metric and o.local_date = n.local_date
order by o.user_id, o.metric, o.raw_key, o.raw_pointer`,
  },
  late: {
    question: 'What is late or known to be wrong, since when, and what helps?',
    sql: `select user_id, provider, metric, state, last_day, expected_by, cause, cause_at, remedy
from freshness
where cause is not null or (expected_by < current_timestamp and by_hand is null)
order by user_id, provider, metric`,
  },
  refused: {
    question: 'What was refused, by which rule, and where does an example stand?',
    sql: `select provider, type, rule, detail, count(*) as n, count(distinct raw_key) as n_objects,
  min(first_seen) as first_seen, max(first_seen) as last_seen, min(raw_key) as example
from quarantine
group by provider, type, rule, detail
order by n desc, provider, type, rule, detail`,
  },
  deliveries: {
    question: 'What came each day (UTC) from each provider, by which door, and what became of it?',
    sql: `select cast(received_at as date) as received_on, provider, receiver, state, count(*) as n_objects, sum(n_records) as n_records,
  sum(n_ignored) as n_ignored, sum(bytes) as n_bytes
from raw_objects
group by cast(received_at as date), provider, receiver, state
order by received_on desc, provider, receiver, state`,
  },
  batches: {
    question: 'What did each batch read and change, and how long did it take?',
    sql: `select batch_id, started_at, seconds, n_objects, n_observations, n_quarantined, n_days, 1e3 * seconds / nullif(n_objects, 0) as ms_an_object
from batches
order by started_at desc, batch_id desc`,
  },
  trends: {
    question:
      'Which of my numbers clearly rose or fell over the four weeks up to each of my last four, and by how much a week?',
    sql: `with newest as (
  select user_id, max(week) as week from trends_weekly group by user_id
)
select t.user_id, t.week, t.metric, t.direction, t.mean, t.unit, t.slope_per_day * 7 as slope_a_week, t.change, t.change_pct, t.sentence
from newest n
join trends_weekly t on t.user_id = n.user_id and t.week > n.week - interval '28' day
where t.direction in ('rising', 'falling')
order by t.user_id, t.week desc, t.metric`,
  },
  goals: {
    question: 'How many days of each month did I meet each goal, and for how many days in a row at most?',
    sql: `select user_id, cast(date_trunc('month', local_date) as date) as month_from, goal, count(*) as days,
  sum(case when met then 1 else 0 end) as days_met, max(streak) as longest_row, min(target) as least_target, max(target) as most_target
from goals_daily
group by user_id, cast(date_trunc('month', local_date) as date), goal
order by user_id, month_from desc, goal`,
  },
  ...normalQueries,
};
