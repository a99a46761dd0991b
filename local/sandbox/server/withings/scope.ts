import type { Choice } from '../simulation.ts';

const SCOPES: Readonly<Record<string, string>> = {
  'user.info': 'who you are and which devices you have',
  'user.metrics': 'weight, body composition, blood pressure, temperature',
  'user.activity': 'steps, workouts and sleep',
  'user.sleepevents': 'going to bed and getting up',
};

/** Scopes are joined with commas. */
export function choicesOf(asked: string | undefined): readonly Choice[] | undefined {
  const scopes = (asked ?? '').split(',').filter((scope) => scope !== '');
  const choices = scopes.flatMap((scope) => {
    const title = SCOPES[scope];
    return title === undefined ? [] : [{ scope, title, on: true }];
  });
  return choices.length === 0 || choices.length < scopes.length ? undefined : choices;
}

/** What a kind of notice needs. */
export const APPLIS: Readonly<Record<string, string>> = {
  1: 'user.metrics',
  2: 'user.metrics',
  4: 'user.metrics',
  16: 'user.activity',
  44: 'user.activity',
  46: 'user.info',
  50: 'user.sleepevents',
  51: 'user.sleepevents',
  52: 'user.sleepevents',
  54: 'user.metrics',
  55: 'user.metrics',
  58: 'user.metrics',
};
