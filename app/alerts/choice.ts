import type { AlertRow } from '../../ports/bus/bus.ts';
import { WellspringError } from '../errors.ts';
import type { User } from '../people.ts';

export type AlertKind = AlertRow['kind'];

/** What a person can be told of between two morning texts. */
export const ALERT_KINDS = ['goal_met', 'anomaly', 'silence'] as const satisfies readonly AlertKind[];

/** Only what wants something done: who says nothing is not written to about their body. */
const BY_ITSELF: readonly AlertKind[] = ['silence'];

/** What a person wants to be told of. */
export function chosenBy({ alerts }: Pick<User, 'alerts'>): readonly AlertKind[] {
  return alerts ?? BY_ITSELF;
}

/** A choice as it is kept, each kind once and in one order; a kind there is not spells `bad_alerts`. */
export function checkedAlerts(kinds: readonly string[]): readonly AlertKind[] {
  const known: readonly string[] = ALERT_KINDS;
  const stranger = kinds.find((kind) => !known.includes(kind));
  if (stranger === undefined) return ALERT_KINDS.filter((kind) => kinds.includes(kind));
  throw new WellspringError({
    code: 'bad_alerts',
    message: `There are no alerts of "${stranger}".`,
    remedy: `Name some of ${ALERT_KINDS.join(',')}, or none.`,
    status: 400,
    exit: 2,
  });
}
