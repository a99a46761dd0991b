import type { RawInput } from '../../ports/engine/engine.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { rawObject, type Payload } from '../support/raw.ts';
import { apple, at, connectionFact, garmin, person } from './deliveries.ts';

const [FIRST, THEN, LAST] = ['2026-11-20T10:00:00Z', '2026-11-21T10:00:00Z', '2026-11-22T10:00:00Z'];

const watch = (day: string, fields: object, receivedAt = FIRST): Payload =>
  garmin(
    'dailies',
    [{ calendarDate: day, startTimeInSeconds: at(`${day}T00:00:00Z`), durationInSeconds: 86_400, ...fields }],
    receivedAt,
  );
/** A weighing of that many grams by the scale of an account, as it stood when the scale's maker changed it (`modified`, in Unix seconds). */
const weighing = (
  group: { readonly id: number; readonly day: string; readonly modified: number; readonly grams: number },
  receivedAt: string,
  { externalId = 'w', timezone = 'Europe/Paris' } = {},
): Payload => {
  const measures = [{ value: group.grams, type: 1, unit: -3 }];
  const date = at(`${group.day}T08:00:00Z`);
  const measuregrps = [{ grpid: group.id, attrib: 0, date, modified: group.modified, category: 1, measures }];
  return {
    provider: 'withings',
    externalId,
    type: 'getmeas',
    data: { status: 0, body: { timezone, measuregrps } },
    receivedAt,
    receiver: 'fetch',
  };
};
const corrected = { id: 1, day: '2026-11-15', modified: 200, grams: 81_000 };
const contradictory = { id: 2, day: '2026-11-16', modified: 300, grams: 82_000 };

const goodDay: readonly Payload[] = [
  ...person(),
  connectionFact('u_a', 'withings', 'w'),
  connectionFact('u_b', 'withings', 'far'),
  watch('2026-11-10', { steps: 5000 }),
];
/** One household that holds everything bad at once, beside a good day. */
const household: readonly Payload[] = [
  ...goodDay,
  watch('2026-11-12', { steps: 999_999_999, floorsClimbed: 8 }),
  { ...watch('2026-11-11', {}), data: '5' },
  { provider: 'garmin', externalId: 'g', type: 'unheardOf', data: { a: 1 }, receivedAt: FIRST },
  apple('step_count', 'furlongs', [{ date: '2026-11-13 10:00:00 +0100', qty: 7, source: 'iPhone' }], FIRST),
  apple('weight_body_mass', 'kg', [{ date: '2026-11-13 10:00:00 +0100', qty: 80, source: 'iPhone' }], FIRST),
  weighing({ id: 9, day: '2026-11-10', modified: 1, grams: 70_000 }, FIRST, {
    externalId: 'far',
    timezone: 'Mars/Olympus',
  }),
  weighing(corrected, FIRST),
  weighing(corrected, THEN),
  weighing({ ...corrected, modified: 100, grams: 80_000 }, LAST),
  weighing(contradictory, FIRST),
  weighing({ ...contradictory, grams: 83_000 }, THEN),
];
/** A document that was cut off: whose it is only its key says. */
const broken: RawInput = {
  key: `raw/2026-11-20/garmin/${accountOf('garmin', 'g')}/dailies-${'0'.repeat(64)}.json`,
  document: new TextEncoder().encode('{"id":"x", "data": {"dailies": ['),
};
/** Of a day that goes between listing and reading. */
export const deleted = rawObject(watch('2026-11-14', { steps: 4444 }));
/** Whose all of it is, and the good day: nothing is wrong with these. */
export const good: readonly RawInput[] = goodDay.map(rawObject);
/** All the rest; the good ones come first. */
export const kept: readonly RawInput[] = [...household.map(rawObject), broken];
