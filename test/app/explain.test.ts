import { describe, expect, test } from 'vitest';
import { explain } from '../../app/explain.ts';
import { transform } from '../../app/transform.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { garminDaily, phoneSteps } from '../support/payloads.ts';
import { openPlant } from '../support/plant.ts';
import type { Payload } from '../support/raw.ts';

const ANNA = [
  userFact('u_anna', { zone: 'UTC' }),
  connectionFact('u_anna', 'garmin', 'g'),
  connectionFact('u_anna', 'apple', 'a'),
];

async function publish(payloads: readonly Payload[]) {
  const plant = openPlant();
  await plant.store([...ANNA, ...payloads]);
  await transform(plant.runtime);
  const ask = (metric: string, day = '2026-03-02') => explain(plant.runtime, { userId: 'u_anna', day, metric });
  return { ...plant, ask };
}

/** A Garmin sleep of which a quarter is deep. */
const sleep = (summaryId: string, startTimeInSeconds: number, durationInSeconds: number) => ({
  summaryId,
  calendarDate: '2026-03-02',
  startTimeInSeconds,
  startTimeOffsetInSeconds: 0,
  durationInSeconds,
  deepSleepDurationInSeconds: durationInSeconds / 4,
  lightSleepDurationInSeconds: durationInSeconds - durationInSeconds / 4,
  awakeDurationInSeconds: 0,
  unmeasurableSleepInSeconds: 0,
  validation: 'AUTO_FINAL',
});

/** Rows of one metric of Health Auto Export, received after the day. */
const exported = (name: string, units: string, data: readonly object[], aggregation: string): Payload => ({
  provider: 'apple',
  externalId: 'a',
  type: 'metrics',
  receivedAt: '2026-03-03T08:00:00Z',
  attributes: { aggregation },
  data: { data: { metrics: [{ name, units, data }] } },
});

const scale: Payload = {
  provider: 'garmin',
  externalId: 'g',
  type: 'bodyComps',
  receivedAt: '2026-03-02T08:00:00Z',
  data: {
    bodyComps: [
      {
        measurementTimeInSeconds: Date.parse('2026-03-02T06:00:00Z') / 1000,
        measurementTimeOffsetInSeconds: 0,
        weightInGrams: 81_000,
        bodyFatInPercent: 20,
      },
    ],
  },
};

describe('explain', () => {
  test('leads from a value over its sources to the text at its place', async () => {
    const { ask, keys } = await publish([
      garminDaily('g', '2026-03-02', { steps: 8123 }),
      // the watch knows the whole day, so the phone counts nothing
      phoneSteps('a', '2026-03-02', [
        [9, 500],
        [10, 700],
      ]),
    ]);
    const [watch] = (await keys('raw/2026-03-02/garmin')).slice(-1);
    const [phone] = await keys('raw/2026-03-02/apple');
    expect(await ask('steps')).toEqual({
      user_id: 'u_anna',
      local_date: '2026-03-02',
      metric: 'steps',
      value: 8123,
      unit: 'count',
      rule: 'sum of intervals; where sources overlap in time, the one of higher priority counts',
      winner: 'garmin',
      candidates: [
        {
          source: 'garmin',
          account: accountOf('garmin', 'g'),
          value: 8123,
          counted: 8123,
          raw_keys: [watch],
        },
        {
          source: 'apple',
          account: accountOf('apple', 'a'),
          value: 1200,
          counted: 0,
          raw_keys: [phone],
        },
      ],
      evidence: [
        {
          raw_key: watch,
          pointer: '/dailies/0/steps',
          text: '8123',
          received_at: '2026-03-02T23:59:59.000Z',
          share: 8123,
        },
      ],
      evidence_total: 1,
    });
  });

  test('shows every interval that counted when no source knows the whole day', async () => {
    const { ask } = await publish([
      phoneSteps('a', '2026-03-02', [
        [9, 500],
        [10, 700],
      ]),
      phoneSteps('a', '2026-03-03', [[9, 1]]),
    ]);
    const { value, evidence } = await ask('steps');
    expect(value).toBe(1200);
    expect(evidence.map(({ pointer, text }) => [pointer, text])).toEqual([
      ['/data/metrics/0/data/0/qty', '500'],
      ['/data/metrics/0/data/1/qty', '700'],
    ]);
  });

  test('shows the samples an average was made of', async () => {
    const { ask } = await publish([
      garminDaily('g', '2026-03-02', { timeOffsetHeartRateSamples: { '0': 60, '900': 70 } }),
    ]);
    const { value, evidence } = await ask('heart_rate_bpm');
    // (60 + 70) / 2
    expect(value).toBe(65);
    expect(evidence.map(({ pointer, text }) => [pointer, text])).toEqual([
      ['/dailies/0/timeOffsetHeartRateSamples/0', '60'],
      ['/dailies/0/timeOffsetHeartRateSamples/900', '70'],
    ]);
  });

  test('shows both parts of a value no source gave itself', async () => {
    const { ask } = await publish([garminDaily('g', '2026-03-02', { activeKilocalories: 300, bmrKilocalories: 1500 })]);
    const { value, evidence } = await ask('energy_total_kcal');
    // 300 active and 1500 basal
    expect(value).toBe(1800);
    expect(evidence.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/dailies/0/activeKilocalories',
      '/dailies/0/bmrKilocalories',
    ]);
  });

  test('shows a night by the session that counted, and not by the nap', async () => {
    const midnight = Date.parse('2026-03-02T00:00:00Z') / 1000;
    const sleeps = [sleep('nap', midnight + 14 * 3600, 3600), sleep('night', midnight - 3600, 8 * 3600)];
    const { ask } = await publish([
      { provider: 'garmin', externalId: 'g', type: 'sleeps', receivedAt: '2026-03-02T20:00:00Z', data: { sleeps } },
    ]);
    const { value, evidence, rule } = await ask('sleep_deep_s');
    // a quarter of the eight hours of the night: 8 * 3600 / 4; the nap is another session
    expect(value).toBe(7200);
    expect(rule).toBe('the main sleep that ended on this day, else what the source dated to that night');
    expect(evidence.map(({ pointer, text }) => [pointer, text])).toEqual([
      ['/sleeps/1/deepSleepDurationInSeconds', '7200'],
    ]);
  });

  test('shows what an index was made of, the height whoever gave it, also beside a source that gave an index', async () => {
    const { ask } = await publish([
      scale,
      exported('height', 'cm', [{ date: '2026-03-01 10:00:01 +0000', qty: 180, source: 'Health' }], 'None'),
      exported('body_mass_index', 'count', [{ date: '2026-03-02 10:00:01 +0000', qty: 26, source: 'Health' }], 'None'),
    ]);
    const { value, winner, evidence } = await ask('bmi_kg_m2');
    // a scale is believed before an app: 81 kg / (1.8 m)^2
    expect([value, winner]).toEqual([25, 'garmin']);
    expect(evidence.map(({ pointer, text }) => [pointer, text])).toEqual([
      ['/bodyComps/0/weightInGrams', '81000'],
      ['/data/metrics/0/data/0/qty', '180'],
    ]);
  });

  test('shows both parts of a value also when one is a total and the other is not', async () => {
    const { ask } = await publish([
      exported('active_energy', 'kcal', [{ date: '2026-03-02 00:00:00 +0000', qty: 300 }], 'Days'),
      exported('basal_energy_burned', 'kcal', [{ date: '2026-03-02 09:00:00 +0000', qty: 70 }], 'Hours'),
    ]);
    const { value, evidence } = await ask('energy_total_kcal');
    expect(value).toBe(370); // 300 + 70
    expect(evidence.map(({ text }) => text).toSorted()).toEqual(['300', '70']);
  });

  test('shows a night whose one record holds all its values', async () => {
    const night = {
      date: '2026-03-02',
      sleepStart: '2026-03-01 23:00:00 +0000',
      sleepEnd: '2026-03-02 06:00:00 +0000',
      totalSleep: 7,
      source: 'Watch',
    };
    const { ask } = await publish([exported('sleep_analysis', 'hr', [night], 'Days')]);
    const { value, evidence } = await ask('sleep_total_s');
    expect(value).toBe(25_200); // 7 h
    expect(evidence).toMatchObject([{ pointer: '/data/metrics/0/data/0', text: JSON.stringify(night) }]);
  });

  test('leaves out the nap that stands inside the record of the night', async () => {
    const midnight = Date.parse('2026-03-02T00:00:00Z') / 1000;
    const nap = { napStartTimeInSeconds: midnight + 14 * 3600, napDurationInSeconds: 1800, napOffsetInSeconds: 0 };
    const sleeps = [{ ...sleep('night', midnight - 3600, 8 * 3600), naps: [nap] }];
    const { ask } = await publish([
      { provider: 'garmin', externalId: 'g', type: 'sleeps', receivedAt: '2026-03-02T20:00:00Z', data: { sleeps } },
    ]);
    const { value, evidence } = await ask('sleep_total_s');
    expect(value).toBe(28_800); // 8 h
    expect(evidence).toMatchObject([{ pointer: '/sleeps/0/durationInSeconds', text: '28800' }]);
  });

  test('shows an interval across midnight on both of its days', async () => {
    const { ask } = await publish([
      phoneSteps('a', '2026-03-02', [[23.75, 600]]),
      phoneSteps('a', '2026-03-03', [[9, 70]]),
    ]);
    // of the hour from 23:45 a quarter lies in the first day, three quarters in the second: 150 and 450
    const before = await ask('steps', '2026-03-02');
    expect(before.value).toBe(150);
    expect(before.evidence).toMatchObject([{ pointer: '/data/metrics/0/data/0/qty', text: '600', share: 150 }]);
    const after = await ask('steps', '2026-03-03');
    expect(after.value).toBe(520); // 450 + 70
    expect(after.evidence.map(({ text, share }) => [text, share])).toEqual([
      ['600', 450],
      ['70', 70],
    ]);
    expect(after.evidence_total).toBe(2);
  });

  test('of a value that is not there says what there is', async () => {
    const { ask } = await publish([
      garminDaily('g', '2026-03-02', { steps: 5 }),
      garminDaily('g', '2026-03-04', { steps: 6 }),
    ]);
    await expect(ask('weight_kg')).rejects.toMatchObject({
      code: 'nothing_to_explain',
      status: 404,
      exit: 1,
      detail: 'On 2026-03-02 there are: steps. There is no weight_kg on any day.',
    });
    await expect(ask('steps', '2026-03-03')).rejects.toMatchObject({
      detail: 'There is nothing on 2026-03-03. There is steps from 2026-03-02 to 2026-03-04.',
    });
  });
});
