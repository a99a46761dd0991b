import type { NamedQuery, Warehouse } from '../warehouse/warehouse.ts';
import type { Range, Readings } from './readings.ts';

const inRange = `user_id = $user_id and local_date between cast($from as date) and cast($to as date)`;

const daily: NamedQuery = {
  name: 'readings.daily',
  sql: `select * from daily_metrics where ${inRange} and ($metric is null or metric = $metric) order by local_date, metric`,
};
const sleep: NamedQuery = {
  name: 'readings.sleep',
  sql: `select * from sleep_sessions where ${inRange} order by local_date, start_utc, session_id`,
};
const workouts: NamedQuery = {
  name: 'readings.workouts',
  sql: `select * from workouts where ${inRange} order by local_date, start_utc, workout_id`,
};
const meals: NamedQuery = {
  name: 'readings.meals',
  sql: `select * from meals where ${inRange} order by local_date, meal`,
};
const scores: NamedQuery = {
  name: 'readings.scores',
  sql: `select * from scores where ${inRange} and ($metric is null or name = $metric) order by local_date, name`,
};

const baselines: NamedQuery = {
  name: 'readings.baselines',
  sql: `select * from baselines_daily where ${inRange} and ($metric is null or metric = $metric) order by local_date, metric`,
};
const anomalies: NamedQuery = {
  name: 'readings.anomalies',
  sql: `select * from anomalies where ${inRange} and ($metric is null or metric = $metric) order by local_date, metric`,
};
const readiness: NamedQuery = {
  name: 'readings.readiness',
  sql: `select * from readiness_daily where ${inRange} order by local_date`,
};

const days = ({ userId, from, to }: Range) => ({ user_id: userId, from, to });
const named = (range: Range) => ({ ...days(range), metric: range.metric ?? null });

/** Readings straight from the marts: the same rows a batch published, nothing copied. */
export function createDuckDbReadings(warehouse: Warehouse): Readings {
  return {
    daily: (range) => warehouse.run(daily, named(range)),
    sleep: (range) => warehouse.run(sleep, days(range)),
    workouts: (range) => warehouse.run(workouts, days(range)),
    meals: (range) => warehouse.run(meals, days(range)),
    scores: (range) => warehouse.run(scores, named(range)),
    baselines: (range) => warehouse.run(baselines, named(range)),
    anomalies: (range) => warehouse.run(anomalies, named(range)),
    readiness: (range) => warehouse.run(readiness, days(range)),
  };
}
