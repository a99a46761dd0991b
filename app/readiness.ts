import type { Row } from '../ports/warehouse/warehouse.ts';
import { dayOf, numberOf, textOf } from './cells.ts';
import { ENOUGH_DAYS } from './normal.ts';

/** How ready a person is against their own normal (`readiness_daily`): 0 to 100, 50 is a usual day. */
export interface Readiness {
  readonly day: string;
  /** Null when it cannot be told; then there is a reason. */
  readonly score: number | null;
  readonly parts: readonly { readonly name: string; readonly score: number | null }[];
  /** Why it cannot be told, in words; empty when it can. */
  readonly reasons: readonly string[];
}

const NAMES = {
  sleep: 'sleep',
  hrv: 'heart rate variability',
  resting_heart_rate: 'resting heart rate',
  load: 'load of the day before',
} as const;
const COMPONENTS = ['sleep', 'hrv', 'resting_heart_rate', 'load'] as const;

const LACKS: Readonly<Record<string, string>> = {
  missing: 'has no value',
  young: `has fewer than ${ENOUGH_DAYS} days to compare with`,
  even: 'was the same every day until now',
};

/** A day's row as pages tell it. */
export function readinessOf(row: Row): Readiness {
  const reasons = new Set(textOf(row['reason']).split(','));
  return {
    day: dayOf(row),
    score: numberOf(row['readiness']),
    parts: COMPONENTS.map((one) => ({ name: NAMES[one], score: numberOf(row[`${one}_score`]) })),
    reasons: COMPONENTS.flatMap((one) =>
      Object.entries(LACKS).flatMap(([lack, words]) =>
        reasons.has(`${one}_${lack}`) ? [`${NAMES[one]} ${words}`] : [],
      ),
    ),
  };
}

/** Why it cannot be told, as a sentence: "Readiness cannot be told: sleep has no value." */
export function readinessReason({ reasons }: Readiness): string {
  return `Readiness cannot be told: ${reasons.join('; ')}.`;
}

/** What there is of it, in one sentence: "Readiness 45 of 100 (50 is a usual day): sleep 75, …" or why it cannot be told. */
export function readinessLine(readiness: Readiness): string {
  const { score, parts } = readiness;
  if (score === null) return readinessReason(readiness);
  const told = parts.map((part) => `${part.name} ${part.score}`).join(', ');
  return `Readiness ${score} of 100 (50 is a usual day): ${told}.`;
}
