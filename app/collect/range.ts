import { localMoment } from '../days.ts';
import { WellspringError } from '../errors.ts';
import type { Source } from './source.ts';
import { type Days, lastDays } from './window.ts';

/** No provider has anything older, and a date mistyped is not asked for a thousand times. */
const OLDEST_DAY = '2000-01-01';

/** The oldest local day worth asking a provider for. */
export function oldestDay({ provider, zone }: Pick<Source, 'provider' | 'zone'>, nowMs: number): string {
  const { backfillDays } = provider.collect;
  return backfillDays === undefined ? OLDEST_DAY : lastDays(nowMs, zone, backfillDays).from;
}

/** The days among these that the provider can have: none before its bound, none after today where the person is. Throws `bad_range`. */
export function possible(source: Pick<Source, 'provider' | 'zone'>, { from, to }: Days, nowMs: number): Days {
  const oldest = oldestDay(source, nowMs);
  const { day: today } = localMoment(nowMs, source.zone);
  const days = { from: from < oldest ? oldest : from, to: to > today ? today : to };
  if (days.from <= days.to) return days;
  throw new WellspringError({
    code: 'bad_range',
    message: `There is nothing to fetch from ${from} to ${to}.`,
    remedy: `${source.provider.name} can be asked for days from ${oldest} to ${today}, the older one first.`,
    status: 400,
    exit: 2,
  });
}
