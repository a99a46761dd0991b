import { localMoment } from '../days.ts';
import { WellspringError } from '../errors.ts';
import type { Backfill } from './backfill-record.ts';
import { reachDay } from './reach.ts';
import type { Source } from './source.ts';
import { type Days, lastDays } from './window.ts';

/** No provider has anything older, and a date mistyped is not asked for a thousand times. */
const OLDEST_DAY = '2000-01-01';

type Begun = Pick<Backfill, 'startedAt'>;

/** The oldest local day worth asking a provider for, by when the connection's backfill began. */
export function oldestDay(source: Pick<Source, 'provider' | 'zone'>, nowMs: number, begun: Begun): string {
  const { backfillDays } = source.provider.collect;
  const oldest = backfillDays === undefined ? OLDEST_DAY : lastDays(nowMs, source.zone, backfillDays).from;
  const reach = reachDay(source, begun);
  return reach === undefined || reach < oldest ? oldest : reach;
}

/** The days among these that the provider can have: none before its bound, none after today where the person is. Throws `bad_range`. */
export function possible(
  source: Pick<Source, 'provider' | 'zone'>,
  { from, to }: Days,
  nowMs: number,
  begun: Begun,
): Days {
  const oldest = oldestDay(source, nowMs, begun);
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
