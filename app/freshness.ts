import { daysBetween } from './days.ts';
import type { User } from './people.ts';
import type { Runtime } from './runtime.ts';
import { status } from './status.ts';

/** A source this many local days behind today is said to be quiet. */
const QUIET_DAYS = 3;

/** How far one provider's data of one person reach. */
export interface Freshness {
  readonly provider: string;
  /** Last local day with data; null when none came yet. */
  readonly lastDay: string | null;
  /** Local days between that day and today; null when none came yet. */
  readonly daysBehind: number | null;
  readonly quiet: boolean;
  readonly problem: string | null;
  readonly remedy: string | null;
}

/** The freshness of each provider a person is connected to, by provider; `today` is their local date. */
export async function readFreshness(runtime: Runtime, user: User, today: string): Promise<readonly Freshness[]> {
  const rows = await status(runtime, user.user_id);
  const providers = [...new Set(rows.map((row) => row.provider))].toSorted();
  return providers.map((provider) => {
    const mine = rows.filter((row) => row.provider === provider);
    // Several accounts of one provider are one source to a person: the furthest of them counts.
    const newest = mine.reduce((a, b) => ((b.last_data_day ?? '') > (a.last_data_day ?? '') ? b : a));
    const lastDay = newest.last_data_day;
    const daysBehind = lastDay === null ? null : daysBetween(lastDay, today);
    return {
      provider,
      lastDay,
      daysBehind,
      quiet: daysBehind === null || daysBehind >= QUIET_DAYS,
      problem: newest.problem,
      remedy: newest.remedy,
    };
  });
}
