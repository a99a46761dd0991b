import { expect, test } from 'vitest';
import { apple, at, connectionFact, garmin, person, tables, userFact } from '../deliveries.ts';
import type { Payload } from '../../support/transform.ts';

const DAY = '2026-11-10';
const RECEIVED = '2026-11-11T08:00:00Z';
const row = (clock: string, qty: number, source: string) => ({ date: `${DAY} ${clock} +0100`, qty, source });
const walk: Payload = {
  provider: 'apple',
  externalId: 'p',
  type: 'workouts',
  data: { data: { workouts: [{ name: 'Walking', start: `${DAY} 08:00:00 +0100`, end: `${DAY} 08:30:00 +0100` }] } },
  receivedAt: RECEIVED,
};

test('dim_source has a row for whatever something came from, which facts can be joined with', async () => {
  const of = await tables([
    ...person(),
    userFact('u_b'),
    connectionFact('u_b', 'garmin', 'h'),
    garmin('dailies', [{ calendarDate: DAY, startTimeInSeconds: at(`${DAY}T00:00:00+01:00`), steps: 5 }], RECEIVED),
    garmin(
      'dailies',
      [{ calendarDate: DAY, startTimeInSeconds: at(`${DAY}T00:00:00+01:00`), steps: 6 }],
      RECEIVED,
      'h',
    ),
    // merged rows are one source without a device, believed as the watch (1) rather than the phone (6)
    apple('step_count', 'count', [row('08:00:00', 70, 'iPhone'), row('09:00:00', 80, 'Watch')], RECEIVED, 'Hours'),
    apple('weight_body_mass', 'kg', [row('07:12:31', 71, 'Renpho')], RECEIVED),
    walk,
  ]);
  const rows = await of.query(
    'select user_id, provider, device, source, source_type, priority from dim_source order by user_id, source',
  );
  // ranks of source_priority.csv: watch 1, app 7; a single weight keeps the name of the app that wrote it
  expect(rows.map((one) => Object.values(one).join('|'))).toEqual([
    'u_a|apple||apple|watch|1',
    'u_a|apple|Renpho|apple/Renpho|app|7',
    'u_a|garmin||garmin|watch|1',
    'u_b|garmin||garmin|watch|1',
  ]);
  for (const fact of ['observations', 'sleep_sessions', 'workouts', 'samples']) {
    expect(
      await of.query(
        `select f.* from ${fact} f anti join dim_source s on s.user_id = f.user_id and s.provider = f.provider
           and s.account = f.account and s.device = coalesce(f.device, '')`,
      ),
    ).toEqual([]);
  }
  expect(
    await of.query(
      `select d.* from daily_metrics d anti join dim_source s on s.user_id = d.user_id and s.source = d.winner_source`,
    ),
  ).toEqual([]);
});
