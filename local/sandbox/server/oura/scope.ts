import type { Choice } from '../simulation.ts';

const SCOPES: Readonly<Record<string, string>> = {
  email: 'your e-mail address',
  personal: 'age, height, weight, sex',
  daily: 'sleep, readiness and activity of your days',
  heartrate: 'heart rate',
  workout: 'workouts',
  tag: 'tags',
  session: 'sessions',
  spo2Daily: 'blood oxygen',
  spo2: 'blood oxygen',
  stress: 'stress and resilience',
  heart_health: 'cardiovascular age and VO2 max',
  ring_configuration: 'your ring',
};

/** Scopes are joined with blanks; when none is named, all are asked for. */
export function choicesOf(asked: string | undefined): readonly Choice[] | undefined {
  const scopes = asked === undefined || asked === '' ? Object.keys(SCOPES) : asked.split(' ');
  const choices = scopes.flatMap((scope) => {
    const title = SCOPES[scope];
    return title === undefined ? [] : [{ scope, title, on: true }];
  });
  return choices.length < scopes.length ? undefined : choices;
}

interface Collection {
  /** Our word for the type, where the path has another. */
  readonly type: string;
  /** Any of them opens it. */
  readonly scopes: readonly string[];
  /** A scope that is missing is answered 401 here, 403 elsewhere. */
  readonly missing: 401 | 403;
}

const collection = (type: string, missing: 401 | 403, ...scopes: readonly string[]): Collection => ({
  type,
  scopes,
  missing,
});

/** Collections by their path. */
export const COLLECTIONS: Readonly<Record<string, Collection>> = {
  sleep: collection('sleep', 403, 'daily'),
  daily_sleep: collection('daily_sleep', 403, 'daily'),
  daily_readiness: collection('daily_readiness', 403, 'daily'),
  daily_activity: collection('daily_activity', 403, 'daily'),
  heartrate: collection('heartrate', 403, 'heartrate'),
  workout: collection('workout', 403, 'workout'),
  session: collection('session', 403, 'session'),
  daily_spo2: collection('daily_spo2', 403, 'spo2Daily', 'spo2'),
  // Enforced, though the documents do not name these two scopes.
  daily_stress: collection('daily_stress', 401, 'stress'),
  daily_resilience: collection('daily_resilience', 401, 'stress'),
  daily_cardiovascular_age: collection('daily_cardiovascular_age', 401, 'heart_health'),
  vO2_max: collection('vo2_max', 401, 'heart_health'),
};

/** What can be subscribed to. */
export const DATA_TYPES: readonly string[] = (
  'tag enhanced_tag workout session sleep daily_sleep daily_readiness daily_activity daily_spo2 sleep_time ' +
  'rest_mode_period ring_configuration daily_stress daily_cardiovascular_age daily_resilience vo2_max meal'
).split(' ');
