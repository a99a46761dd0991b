import type { HeldRecord, Holding } from '../../../local/sandbox/holding.ts';

/** An answer of a provider's API about one account. */
export interface Answer {
  readonly type: string;
  readonly text: string;
}

/** The versions of each thing a holding holds, in the order they became known. */
export function versionsOf({ records }: Holding): Map<string, readonly HeldRecord[]> {
  const versions = new Map<string, HeldRecord[]>();
  for (const one of records.toSorted((a, b) => a.knownAtS - b.knownAtS)) {
    const key = `${one.type} ${one.id}`;
    versions.set(key, [...(versions.get(key) ?? []), one]);
  }
  return versions;
}

const LISTS: Readonly<Record<string, string>> = { getmeas: 'measuregrps', getactivity: 'activities' };

function wrapped(provider: string, type: string, records: readonly HeldRecord[], zone: string): unknown {
  const rows = records.map(({ record }) => record);
  if (provider === 'oura') return { data: rows, next_token: null };
  const series = type === 'getintradayactivity' ? Object.fromEntries(records.map((one) => [one.id, one.record])) : rows;
  const about = type === 'getmeas' ? { updatetime: 1_700_000_000, timezone: zone } : {};
  return { status: 0, body: { ...about, [LISTS[type] ?? 'series']: series } };
}

/** Days one answer is about, where they are few: a window of these is a day, and a page of nights holds ten. */
const DAYS: Readonly<Record<string, number>> = { 'sleep-get': 1, getintradayactivity: 1, sleep: 10 };

/** What was answered of a holding's n-th versions, by type and window. */
export function answersOf(holding: Holding, version: number): Answer[] {
  const known = [...versionsOf(holding).values()].flatMap((all) => all.slice(version, version + 1));
  return [...new Set(known.map(({ type }) => type))].flatMap((type) => {
    const records = known.filter((one) => one.type === type);
    const days = [...new Set(records.map(({ day }) => day))];
    const length = DAYS[type] ?? days.length;
    const windows = days.flatMap((_, at) => (at % length === 0 ? [days.slice(at, at + length)] : []));
    return windows.map((window) => {
      const inside = records.filter(({ day }) => window.includes(day));
      return { type, text: JSON.stringify(wrapped(holding.provider, type, inside, holding.zone)) };
    });
  });
}
