import type { Card } from './card.ts';
import { say } from './format.ts';
import type { Units } from './people.ts';
import { compared } from './sentences.ts';

/** How a person would say it; a metric without a phrase is named by its title. */
const PHRASES: Readonly<Record<string, (value: string) => string>> = {
  sleep_total_s: (value) => `You slept ${value}`,
  sleep_deep_s: (value) => `Your deep sleep was ${value}`,
  sleep_rem_s: (value) => `Your REM sleep was ${value}`,
  resting_heart_rate_bpm: (value) => `Your resting heart rate was ${value}`,
  heart_rate_bpm: (value) => `Your heart rate was ${value} on average`,
  steps: (value) => `You took ${value} steps`,
  distance_m: (value) => `You covered ${value} on foot`,
  floors_climbed: (value) => `You climbed ${value} floors`,
  energy_active_kcal: (value) => `You used ${value} being active`,
  active_time_s: (value) => `You were active for ${value}`,
  exercise_time_s: (value) => `You exercised for ${value}`,
  weight_kg: (value) => `You weighed ${value}`,
  diet_energy_kcal: (value) => `You ate ${value}`,
  water_intake_ml: (value) => `You drank ${value}`,
};

/** A card as one sentence; `marked` adds "so far" to a number that may still change. */
export function phrase(card: Card, units: Units, marked: boolean): string {
  if (card.value === null) return `${card.metric.title}: ${compared(card, units)}.`;
  const value = say(card.value, card.metric, units);
  const open = marked && card.soFar ? ' so far' : '';
  const said = PHRASES[card.metric.metric]?.(value) ?? `${card.metric.title}: ${value}`;
  return `${said}${open}, ${compared(card, units)}.`;
}
