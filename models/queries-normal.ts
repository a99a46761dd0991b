/** A question a person asks, and the SQL that answers it over the marts. */
export interface Query {
  readonly question: string;
  readonly sql: string;
}

/** What is usual for a person, what was not, and what goes with what; queries.ts says what these texts keep to. */
export const normalQueries: Readonly<Record<string, Query>> = {
  readiness: {
    question: 'How ready was I each day, by which parts, and how ready on the seven days before?',
    sql: `select r.user_id, r.local_date, r.readiness, avg(p.readiness) as mean_of_7_before,
  r.sleep_score, r.hrv_score, r.resting_heart_rate_score, r.load_score, r.reason
from readiness_daily r
left join readiness_daily p
  on p.user_id = r.user_id and p.local_date < r.local_date and p.local_date >= r.local_date - interval '7' day
group by r.user_id, r.local_date, r.readiness, r.sleep_score, r.hrv_score, r.resting_heart_rate_score, r.load_score, r.reason
order by r.user_id, r.local_date desc`,
  },
  unusual: {
    question: 'What was far from what is usual for me, how far, and what else was on the same day?',
    sql: `select a.user_id, a.local_date, a.metric, a.severity, a.direction, a.value, a.mean, a.unit, count(o.metric) as others_that_day, a.sentence
from anomalies a
left join anomalies o on o.user_id = a.user_id and o.local_date = a.local_date and o.metric <> a.metric
group by a.user_id, a.local_date, a.metric, a.severity, a.direction, a.value, a.mean, a.unit, a.sentence
order by a.user_id, a.local_date desc, a.metric`,
  },
  usual: {
    question: 'What is usual for me, from where to where, and where does the newest value of each number stand?',
    sql: `with newest as (
  select user_id, metric, max(local_date) as local_date from baselines_daily where value is not null group by user_id, metric
)
select b.user_id, b.metric, b.local_date, b.value, b.unit, b.mean - b.sd as usual_from, b.mean + b.sd as usual_to, b.n, b.direction, b.z
from newest n
join baselines_daily b on b.user_id = n.user_id and b.metric = n.metric and b.local_date = n.local_date
where b.mean is not null
order by b.user_id, b.metric`,
  },
  day_after: {
    question:
      'How were night, resting pulse and its variability after a day of more active energy than usual, and of less?',
    sql: `with days as (
  select f.user_id, f.energy_active_kcal_lag_1 > f.energy_active_kcal_mean_28 as was_active,
    d.sleep_total_s, d.resting_heart_rate_bpm, d.hrv_rmssd_ms
  from features_daily f
  join fact_daily d on d.user_id = f.user_id and d.local_date = f.local_date
)
select user_id, was_active, count(*) as days, avg(sleep_total_s) / 3600 as hours_asleep, avg(resting_heart_rate_bpm) as resting_bpm,
  avg(hrv_rmssd_ms) as hrv_rmssd_ms
from days
where was_active is not null
group by user_id, was_active
order by user_id, was_active`,
  },
  meals_by_week: {
    question: 'What did I eat each week, by meal: on how many days, and how much on such a day?',
    sql: `with eaten as (
  select user_id, local_date, meal_kind, sum(energy_kcal) as kcal, sum(protein_g) as protein_g, sum(carbs_g) as carbs_g, sum(fat_g) as fat_g
  from meals
  group by user_id, local_date, meal_kind
)
select user_id, cast(date_trunc('week', local_date) as date) as week_from, meal_kind, count(*) as days, avg(kcal) as kcal_a_day,
  avg(protein_g) as protein_g_a_day, avg(carbs_g) as carbs_g_a_day, avg(fat_g) as fat_g_a_day
from eaten
group by user_id, cast(date_trunc('week', local_date) as date), meal_kind
order by user_id, week_from desc, meal_kind`,
  },
  scores: {
    question: 'How did the brands score me each week, on which scale, and what were the least and the most?',
    sql: `select user_id, cast(date_trunc('week', local_date) as date) as week_from, name, count(*) as days, avg(value) as mean,
  min(value) as least, max(value) as most, scale_min, scale_max
from scores
group by user_id, cast(date_trunc('week', local_date) as date), name, scale_min, scale_max
order by user_id, week_from desc, name, scale_min, scale_max`,
  },
  pulse_by_hour: {
    question: 'How fast does my heart beat in each hour of the local day, over the last four weeks it was watched?',
    sql: `with newest as (
  select user_id, max(local_date) as local_date from samples where metric = 'heart_rate_bpm' group by user_id
), beats as (
  select s.user_id, s.local_date, s.value,
    floor((date_diff('second', date_trunc('day', s.at_utc), s.at_utc) + s.offset_s + 86400) % 86400 / 3600e0) as hour_of_day
  from newest n
  join samples s on s.user_id = n.user_id and s.local_date > n.local_date - interval '28' day
  where s.metric = 'heart_rate_bpm' and s.offset_s is not null
)
select user_id, hour_of_day, count(distinct local_date) as days, count(*) as n_samples, avg(value) as mean_bpm, min(value) as least_bpm, max(value) as most_bpm
from beats
group by user_id, hour_of_day
order by user_id, hour_of_day`,
  },
};
