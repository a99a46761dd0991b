import { connectionFact, fetchedFact, userFact } from '../../support/facts.ts';
import { rawObject, type Payload } from '../../support/raw.ts';
import { apple, at, garmin } from '../../models/deliveries.ts';
import { accountOf } from '../../../providers/kit/account.ts';
import type { RawInput } from '../../../ports/engine/engine.ts';

const RECEIVED = '2026-11-20T10:00:00Z';
const NIGHT = at('2026-11-09T22:00:00Z');
const NOON = at('2026-11-10T12:00:00Z');

/** Minutes of a watch with so many steps, from an instant in Unix seconds on. */
const minutes = (startTimeInSeconds: number, steps: number): Payload =>
  garmin('epochs', [{ startTimeInSeconds, durationInSeconds: 900, steps, activityType: 'WALKING' }], RECEIVED, 'edge');

/** Steps a phone counted in a minute of 10 November. */
const walked = (time: string, qty: number): Payload => ({
  ...apple('step_count', 'count', [{ date: `2026-11-10 ${time}:00 +0100`, qty, source: 'iPhone' }], RECEIVED),
  externalId: 'edge',
});

const notice = (externalId: string): Payload => ({
  provider: 'withings',
  externalId,
  type: 'notice',
  data: JSON.stringify(`userid=1&appli=1&startdate=${NIGHT}&enddate=${NOON}`),
  receivedAt: RECEIVED,
  notice: true,
});

const taken = garmin('dailies', [{ calendarDate: '2026-11-08', steps: 1 }], RECEIVED, 'edge');

const edges: readonly Payload[] = [
  userFact('u_edge', { priority: { steps: ['garmin', 'apple'] } }),
  connectionFact('u_edge', 'garmin', 'edge'),
  connectionFact('u_edge', 'apple', 'edge'),
  connectionFact('u_edge', 'withings', 'asked', { kind: 'oauth' }),
  connectionFact('u_edge', 'withings', 'done', { kind: 'oauth' }),
  // Two sources of one quarter of an hour, 13:00 in Paris; and of a day, each with what a day can hold, together with more (200,000).
  minutes(NOON, 500),
  walked('13:05', 400),
  minutes(NOON + 3600, 150_000),
  walked('18:00', 150_000),
  // A notice that has brought nothing, and one that is done.
  notice('asked'),
  notice('done'),
  fetchedFact('u_edge', accountOf('withings', 'done'), Date.parse('2026-11-20T11:00:00Z')),
  // A night of stages nobody has summed up, with a series.
  {
    provider: 'withings',
    externalId: 'done',
    type: 'sleep-get',
    data: {
      status: 0,
      body: {
        model: 16,
        series: [
          { startdate: NIGHT, enddate: NIGHT + 3600, state: 1, model: 16, hr: { [NIGHT + 60]: 55 } },
          { startdate: NIGHT + 3600, enddate: NIGHT + 7200, state: 2, model: 16 },
        ],
      },
    },
    receivedAt: RECEIVED,
    receiver: 'fetch',
  },
  taken,
  {
    provider: 'wellspring',
    externalId: 'user:u_edge',
    type: 'wellspring.retraction',
    receiver: 'self',
    receivedAt: RECEIVED,
    data: {
      effective_at: Date.parse(RECEIVED),
      sequence: 1,
      user_id: 'u_edge',
      raw_keys: [rawObject(taken).key],
      records: [],
    },
  },
];

/** What no recording shows: two sources of one time and of one day, an order a person set, notices, single stages, an object taken back. */
export const edgeObjects = (): readonly RawInput[] => edges.map(rawObject);
