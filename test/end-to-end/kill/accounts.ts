import type { HeldRecord, Holding } from '../../../local/sandbox/holding.ts';
import { providers } from '../../../providers/index.ts';
import { PROVIDERS, type ProviderName } from './settings.ts';

/** One person's account at one provider. */
export interface Account {
  readonly provider: ProviderName;
  readonly externalId: string;
  readonly person: number;
}

export const PEOPLE = 3;
const DAYS = 40;
const DAY_S = 86_400;

/** What is read of an account, by local day: kilograms of a scale, degrees of a ring, steps of a watch. */
export const METRICS: Readonly<Record<ProviderName, string>> = {
  withings: 'weight_kg',
  oura: 'skin_temperature_dev_c',
  garmin: 'steps',
};

const NAMES = { withings: '7700', oura: 'ring-', garmin: 'watch-' } as const;
/** What a number of hundredths is divided by: Garmin's is written as it is. */
const UNITS = { withings: 100, oura: 10_000, garmin: 1 } as const;

export const ACCOUNTS: readonly Account[] = Array.from({ length: PEOPLE }, (_, person) => person).flatMap((person) =>
  PROVIDERS.map((provider) => {
    return { provider, person, externalId: `${NAMES[provider]}${person}` };
  }),
);

/**
 * Garmin cannot be asked what is new: its data come by themselves, or with a ping that names where they lie. Nor for older days where that was
 * not allowed, as here: so it has nothing to look for and no backfill, and tells only what it comes to know while it is connected.
 */
export function canBeAsked({ provider }: Account): boolean {
  const { collect } = providers[provider];
  return collect !== undefined && collect.streams.length > 0 && collect.requestBackfill === undefined;
}

/** Hundredths, another one each day and person. */
const hundredths = ({ person }: Account, daysAgo: number): number => 5000 + person * 1000 + daysAgo;
/** The UTC date of an instant in Unix seconds. */
export const dayOf = (s: number): string => new Date(s * 1000).toISOString().slice(0, 10);

/** One value a day and account, at noon; `nowS` in Unix seconds. */
export function holdingsOf(nowS: number): readonly Holding[] {
  return ACCOUNTS.map((account) => {
    const records = Array.from({ length: DAYS }, (_, at) => recordOf(account, at + 1, nowS));
    return { ...account, zone: 'UTC', records };
  });
}

/** What the tables must say of an account in the end: a line a day, oldest first. `knownUntilS`: what was known before it was connected. */
export function expectedOf(account: Account, nowS: number, knownUntilS: number): readonly string[] {
  return Array.from({ length: DAYS }, (_, at) => at + 1)
    .filter((daysAgo) => canBeAsked(account) || noonS(nowS, daysAgo) > knownUntilS)
    .map((daysAgo) => `${dayOf(noonS(nowS, daysAgo))} ${hundredths(account, daysAgo) / UNITS[account.provider]}`)
    .toSorted();
}

const noonS = (nowS: number, daysAgo: number): number => Math.floor(nowS / DAY_S - daysAgo) * DAY_S + DAY_S / 2;

function recordOf(account: Account, daysAgo: number, nowS: number): HeldRecord {
  const fromS = noonS(nowS, daysAgo);
  const day = dayOf(fromS);
  const value = hundredths(account, daysAgo);
  const known = { knownAtS: fromS, fromS, toS: fromS, day };
  if (account.provider === 'withings') {
    const grpid = account.person * 1000 + daysAgo;
    const measures = [{ type: 1, value, unit: -2 }];
    const times = { date: fromS, created: fromS, modified: fromS };
    return {
      ...known,
      type: 'getmeas',
      id: String(grpid),
      record: { grpid, attrib: 0, ...times, category: 1, deviceid: null, measures },
    };
  }
  if (account.provider === 'garmin') {
    const summaryId = `day-${account.person}-${daysAgo}`;
    const times = { startTimeInSeconds: fromS - DAY_S / 2, startTimeOffsetInSeconds: 0, durationInSeconds: DAY_S };
    return {
      ...known,
      type: 'dailies',
      id: summaryId,
      record: { summaryId, calendarDate: day, ...times, steps: value },
    };
  }
  const id = `morning-${account.person}-${daysAgo}`;
  const figures = { score: 80, temperature_deviation: value / 10_000, temperature_trend_deviation: 0 };
  const record = { id, day, timestamp: `${day}T00:00:00+00:00`, contributors: {}, ...figures };
  return { ...known, type: 'daily_readiness', id, record };
}
