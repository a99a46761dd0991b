import { maskedRow } from '../masked-row.ts';
import { fromReadings, fromWarehouse } from './sources.ts';
import { freshness } from './freshness.ts';
import { batches, goals, observations, quarantine, trends } from './queries.ts';

/** The lists of `/api/v1`, each one published table; `scope` says whose rows a list holds. */
export const lists = [
  {
    name: 'daily',
    summary: 'One value per person, local day and metric.',
    scope: 'person',
    source: fromReadings((readings, range) => readings.daily(range), ['metric']),
  },
  {
    name: 'observations',
    summary: 'Single values as providers sent them, in canonical units.',
    scope: 'person',
    source: fromWarehouse(observations),
  },
  {
    name: 'sleep',
    summary: 'Sleep sessions, by the day of waking.',
    scope: 'person',
    source: fromReadings((readings, range) => readings.sleep(range), ['session_id']),
  },
  {
    name: 'workouts',
    summary: 'Workouts, by the day they start on.',
    scope: 'person',
    source: fromReadings((readings, range) => readings.workouts(range), ['workout_id']),
  },
  {
    name: 'meals',
    summary: 'Meals of the food diary.',
    scope: 'person',
    source: fromReadings((readings, range) => readings.meals(range), ['meal']),
  },
  {
    name: 'scores',
    summary: "Brands' own scores, never merged.",
    scope: 'person',
    source: fromReadings((readings, range) => readings.scores(range), ['name']),
  },
  {
    name: 'readiness',
    summary: 'How ready a person is against their own normal, 0 to 100, with its parts, or why it cannot be told.',
    scope: 'person',
    source: fromReadings((readings, range) => readings.readiness(range), []),
  },
  {
    name: 'anomalies',
    summary: "Values far from a person's own normal, with a sentence each.",
    scope: 'person',
    source: fromReadings((readings, range) => readings.anomalies(range), ['metric']),
  },
  {
    name: 'freshness',
    summary: 'How far each metric of each provider reaches, whether more is due, and what is wrong.',
    scope: 'person',
    source: freshness,
  },
  {
    name: 'trends',
    summary: 'Each week of a metric beside the four before it, by its Monday.',
    scope: 'person',
    source: fromWarehouse(trends),
  },
  {
    name: 'goals',
    summary: 'How each day went against the goals that held on it.',
    scope: 'person',
    source: fromWarehouse(goals),
  },
  {
    name: 'quarantine',
    summary: 'What was refused and why.',
    scope: 'refused',
    source: fromWarehouse(quarantine, maskedRow),
  },
  { name: 'batches', summary: 'Runs of the transform.', scope: 'owner', source: fromWarehouse(batches) },
] as const;

export type List = (typeof lists)[number];
