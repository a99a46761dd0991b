import { anomaliesNew } from './alerts/anomalies.ts';
import { goalsMet } from './alerts/goals.ts';
import { silences } from './alerts/silences.ts';
import { type AlertRuntime, momentOf, type Search, tell } from './alerts/tell.ts';
import { everyTold, type Told } from './alerts/told.ts';
import { withLeaseSoon } from './lease.ts';
import { listUsers, type User } from './people.ts';

export type { AlertRuntime } from './alerts/tell.ts';

/** What a batch brings. */
const BROUGHT: Search = { finders: [goalsMet, anomaliesNew], isWhole: false };
/** And what time alone brings. */
const EVERYTHING: Search = { finders: [...BROUGHT.finders, silences], isWhole: true };
/** Only what waits is sent. */
const NOTHING: Search = { finders: [], isWhole: false };

/** Each person's turn renews it. */
const TERMS = { ttlMs: 5 * 60_000, lookAgainMs: 200, waitMs: 60_000 };

/** After a batch: tells of the goals met and the unusual values of those it changed; answers how many events that were. */
export async function alertChanged(
  runtime: AlertRuntime,
  changed: readonly string[] | 'everybody',
  signal?: AbortSignal,
): Promise<number> {
  if (changed.length === 0) return 0;
  const users = await listUsers(runtime);
  const whose = changed === 'everybody' ? users : users.filter(({ user_id: id }) => changed.includes(id));
  return inTurn(runtime, whose, { searchFor: () => BROUGHT, signal });
}

/**
 * By the clock: once a day after the night a look at everything, silence before all, and whatever waited for the night to end; answers how many events
 * that were. Where nobody is due it asks the records alone.
 */
export async function alertDue(runtime: AlertRuntime, signal?: AbortSignal): Promise<number> {
  const awake = (await listUsers(runtime)).filter((user) => !momentOf(runtime, user).isNight);
  if (awake.length === 0) return 0;
  const kept = await everyTold(runtime.state);
  const isLookedAt = (user: User, told: Told | undefined) => told?.looked === momentOf(runtime, user).day;
  const due = awake.filter((user) => {
    const told = kept.get(user.user_id);
    return !isLookedAt(user, told) || (told?.waiting.length ?? 0) > 0;
  });
  return inTurn(runtime, due, { searchFor: (user, told) => (isLookedAt(user, told) ? NOTHING : EVERYTHING), signal });
}

interface Turn {
  readonly searchFor: (user: User, told: Told) => Search;
  readonly signal: AbortSignal | undefined;
}

/** One person after the other, while nobody else tells anybody; one that fails does not stop the others: what it threw is thrown when they are done. */
async function inTurn(runtime: AlertRuntime, users: readonly User[], { searchFor, signal }: Turn): Promise<number> {
  if (users.length === 0) return 0;
  const failures: unknown[] = [];
  const events = await withLeaseSoon(runtime, 'alerts', TERMS, async (lease) => {
    let count = 0;
    for (const user of users) {
      if (signal?.aborted === true || !(await lease.renew())) break;
      try {
        count += await tell(runtime, user, (told) => searchFor(user, told));
      } catch (error) {
        failures.push(error);
      }
    }
    return count;
  });
  if (failures.length > 0) throw failures[0];
  return events ?? 0;
}
