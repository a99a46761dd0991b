import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { addDays } from '../../app/days.ts';
import type { RawInput } from '../../ports/engine/engine.ts';

import { connectionFact, goalFact, userFact } from '../support/facts.ts';
import { fixture } from '../support/fixture.ts';
import { play } from '../support/play.ts';
import { rawObject, type Payload } from '../support/raw.ts';
import { apart, diary, garmin, person, recorded, retraction } from '../models/deliveries.ts';
import { everything } from '../models/everything.ts';

const RECEIVED = '2026-11-20T10:00:00Z';
const of =
  (provider: string) =>
  (name: string, type: string): Payload => ({
    provider,
    type,
    data: fixture(`${provider}/${name}.json`),
    receivedAt: RECEIVED,
  });
const [apple, withings, oura] = [of('apple'), of('withings'), of('oura')];

const FIRST = 'd3315b1072421d0dd7c8f6b8e1de4df8';

/** Every recorded payload a reader knows, each a person's of its own. */
const recordings = apart([
  recorded('spec-push-dailies-two-users.json', 'dailies', FIRST, RECEIVED),
  recorded('spec-push-epochs.json', 'epochs', FIRST, RECEIVED),
  recorded('spec-push-sleeps.json', 'sleeps', FIRST, RECEIVED),
  ...['kj-multiday', 'minutes-v1'].map((name) => apple(`hae-metrics-${name}`, 'metrics')),
  ...['hae-sleep-aggregated-old', 'hae-sleep-unaggregated', 'hae-v2-doc-shapes'].map((name) => apple(name, 'metrics')),
  ...['hae-v2-doc-shapes', 'hae-workouts-v1'].map((name) => apple(name, 'workouts')),
  withings('aiowithings-activity', 'getactivity'),
  withings('aiowithings-measurement_list-trimmed', 'getmeas'),
  withings('aiowithings-sleep_summary-trimmed', 'sleep-getsummary'),
  withings('aiowithings-workouts', 'getworkouts'),
  withings('captured-measurev2-getintradayactivity-0', 'getintradayactivity'),
  ...['daily_activity', 'daily_readiness', 'daily_sleep', 'daily_spo2', 'heartrate', 'sleep', 'workout'].map((name) =>
    oura(name, name),
  ),
]);

const row = { Date: '2026-11-10', Meal: 'Lunch', Calories: '650', 'Protein (g)': '30' };

/** What is refused, waits, was taken back, corrected, or is written oddly. */
const oddities: readonly Payload[] = [
  ...person(),
  garmin(
    'dailies',
    [{ calendarDate: '2026-11-10', startTimeInSeconds: 1_762_729_200, durationInSeconds: 86_400, steps: 5 }],
    RECEIVED,
  ),
  { ...garmin('dailies', [], RECEIVED), data: { dailies: [7, { calendarDate: '2026-11-11', steps: '9' }] } },
  garmin(
    'dailies',
    [{ calendarDate: '2026-11-12', startTimeInSeconds: 1_762_902_000, steps: 999_999_999 }],
    '2026-11-20T11:00:00Z',
  ),
  garmin('activities', [{ activityId: 23_456_789_012_345_678n.toString(), activityName: 'Läuf 😀 "x"' }], RECEIVED),
  { ...garmin('dailies', [], RECEIVED), data: '{"dailies":{"a~b/c":1},"dailies":[]}' },
  { ...garmin('sleeps', [], RECEIVED), data: { sleeps: [{ startTimeInSeconds: 5, naps: 1 }] } },
  garmin('dailies', [{ calendarDate: '2026-11-10', steps: 3 }], RECEIVED, 'nobody'),
  { provider: 'garmin', externalId: 'g', type: 'unheardOf', data: { a: 1 }, receivedAt: RECEIVED },
  { provider: 'garmin', externalId: 'g', type: 'epochs', data: '5', receivedAt: RECEIVED },
  { provider: 'garmin', type: 'dailies', data: { dailies: [{ steps: 5 }] }, receivedAt: RECEIVED },
  diary([row, { ...row, Meal: '' }], RECEIVED),
  diary([{ ...row, Calories: '640' }], '2026-11-20T12:00:00Z', { from: '2026-11-10', to: '2026-11-10' }),
  retraction('2026-11-20T11:00:00Z', ['99']),
];

const goal = { metric: 'steps', target: 6000 } as const;

/** Eight weeks of days that go up and down, with a gap and a change of zone and of clock, and what was wanted of them. */
const weeks: readonly Payload[] = [
  userFact('u_weeks', { at: Date.parse('2026-09-01T00:00:00Z'), zone: 'Europe/Paris' }),
  userFact('u_weeks', {
    at: Date.parse('2026-10-20T09:00:00Z'),
    zone: 'America/New_York',
    zoneSince: Date.parse('2026-10-20T09:00:00Z'),
  }),
  connectionFact('u_weeks', 'garmin', 'weeks'),
  goalFact('u_weeks', { ...goal, at: Date.parse('2026-09-07T22:30:00Z') }),
  goalFact('u_weeks', { ...goal, target: 7000.5, at: Date.parse('2026-10-01T12:00:00Z') }),
  goalFact('u_weeks', { ...goal, direction: 'at_most', target: 9000, at: Date.parse('2026-09-01T12:00:00Z') }),
  goalFact('u_weeks', { ...goal, direction: 'at_most', state: 'removed', at: Date.parse('2026-10-10T12:00:00Z') }),
  garmin(
    'dailies',
    Array.from({ length: 56 }, (_, x) => ({
      calendarDate: addDays('2026-09-07', x < 30 ? x : x + 5),
      steps: (x * 7919) % 13_000,
      activeKilocalories: ((x * 37) % 600) + x / 7,
      restingHeartRateInBeatsPerMinute: 50 + (x % 5),
      averageStressLevel: 90 - x,
    })),
    RECEIVED,
    'weeks',
  ),
];

/** What cannot be made by a payload: a document that is no JSON. */
const broken: RawInput = {
  key: `raw/2026-11-20/garmin/a_broken/dailies-${'0'.repeat(64)}.json`,
  document: new TextEncoder().encode('{"id":"x", "data": {"dailies": ['),
};

/** The raw objects of recordings, oddities, weeks and of somebody with something in every table, each key once. */
export function recordedObjects(): readonly RawInput[] {
  const objects = [...[...recordings, ...oddities, ...weeks, ...everything()].map(rawObject), broken];
  return [...new Map(objects.map((object) => [object.key, object])).values()];
}

/** The raw objects a demo of a few days leaves in its directory, by their keys. */
export async function playedObjects(directory: string): Promise<readonly RawInput[]> {
  await play(directory, { days: 3, people: 1 });
  const files = readdirSync(path.join(directory, 'raw'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      key: path.posix.join('raw', ...file.split(path.sep)),
      document: readFileSync(path.join(directory, 'raw', file)),
    }));
}
