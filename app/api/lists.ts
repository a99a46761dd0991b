import { fromReadings, fromWarehouse } from './sources.ts';
import { freshness } from './freshness.ts';
import { batches, observations, quarantine } from './queries.ts';

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
    name: 'freshness',
    summary: 'How far each metric of each provider reaches, whether more is due, and what is wrong.',
    scope: 'person',
    source: freshness,
  },
  { name: 'quarantine', summary: 'What was refused and why.', scope: 'refused', source: fromWarehouse(quarantine) },
  { name: 'batches', summary: 'Runs of the transform.', scope: 'owner', source: fromWarehouse(batches) },
] as const;

export type List = (typeof lists)[number];
