import { expect, test } from 'vitest';
import { explain } from '../../app/explain.ts';
import { transform } from '../../app/transform.ts';
import { connectionFact, userFact } from '../support/facts.ts';
import { openPlant } from '../support/plant.ts';

/** A stage of sleep of Health Auto Export, in hours. */
const stage = (from: string, to: string, value: string, qty: number, source = 'Watch') => ({
  startDate: from,
  endDate: to,
  value,
  qty,
  source,
});

/** Rows of one metric as Health Auto Export sends them unaggregated. */
const single = (name: string, units: string, data: readonly object[]) => ({
  provider: 'apple',
  externalId: 'a',
  type: 'metrics',
  receivedAt: '2026-03-03T08:00:00Z',
  attributes: { aggregation: 'None' },
  data: { data: { metrics: [{ name, units, data }] } },
});

test('a night made from stages is explained by the stages that made each value', async () => {
  const [night, morning] = ['2026-03-01', '2026-03-02'];
  const rows = [
    stage(`${night} 22:00:00 +0000`, `${morning} 01:00:00 +0000`, 'Core', 3),
    stage(`${morning} 01:00:00 +0000`, `${morning} 02:00:00 +0000`, 'Deep', 1),
    stage(`${morning} 02:00:00 +0000`, `${morning} 02:30:00 +0000`, 'Awake', 0.5),
    stage(`${morning} 02:30:00 +0000`, `${morning} 04:30:00 +0000`, 'Deep', 2),
    stage(`${night} 21:30:00 +0000`, `${morning} 05:30:00 +0000`, 'In Bed', 8, 'iPhone'),
    // another night: too long before
    stage(`${night} 14:00:00 +0000`, `${night} 15:00:00 +0000`, 'Deep', 1),
  ];
  const plant = openPlant();
  const pushed = { provider: 'apple', externalId: 'a', type: 'metrics', receivedAt: '2026-03-03T08:00:00Z' };
  await plant.store([
    userFact('u_anna', { zone: 'UTC' }),
    connectionFact('u_anna', 'apple', 'a'),
    { ...pushed, data: { data: { metrics: [{ name: 'sleep_analysis', units: 'hr', data: rows }] } } },
  ]);
  await transform(plant.runtime);
  const ask = (metric: string) => explain(plant.runtime, { userId: 'u_anna', day: morning, metric });
  const shown = async (metric: string) => {
    const { value, evidence } = await ask(metric);
    return [value, evidence.map(({ pointer, share }) => [pointer.split('/').at(-1), share])];
  };
  // 1 h and 2 h
  expect(await shown('sleep_deep_s')).toEqual([
    10_800,
    [
      ['1', 3600],
      ['3', 7200],
    ],
  ]);
  // all but the half hour awake: 3 h, 1 h and 2 h
  expect(await shown('sleep_total_s')).toEqual([
    21_600,
    [
      ['0', 10_800],
      ['1', 3600],
      ['3', 7200],
    ],
  ]);
  expect(await shown('sleep_awake_s')).toEqual([1800, [['2', 1800]]]);
  expect(await shown('sleep_in_bed_s')).toEqual([28_800, [['4', 28_800]]]);
  // 6 h of 8 h: a quotient of both, of which none is added
  expect(await shown('sleep_efficiency_pct')).toEqual([75, ['4', '0', '1', '3'].map((place) => [place, null])]);
  const { candidates } = await ask('sleep_deep_s');
  expect(candidates).toMatchObject([{ source: 'apple/Watch', value: 10_800, raw_keys: [expect.any(String)] }]);
});

test('of readings in a night that two devices saw those inside the better session are the evidence', async () => {
  const { runtime, store } = openPlant();
  await store([
    userFact('u_anna', { zone: 'UTC' }),
    connectionFact('u_anna', 'apple', 'a'),
    // as long as each other: the watch goes before the phone, to 05:00
    single('sleep_analysis', 'hr', [
      stage('2026-03-01 23:00:00 +0000', '2026-03-02 05:00:00 +0000', 'Core', 6),
      stage('2026-03-02 01:00:00 +0000', '2026-03-02 07:00:00 +0000', 'Core', 6, 'iPhone'),
    ]),
    single('respiratory_rate', 'count/min', [
      { date: '2026-03-02 02:30:11 +0000', qty: 20, source: 'Watch' },
      { date: '2026-03-02 06:30:11 +0000', qty: 40, source: 'Watch' },
    ]),
  ]);
  await transform(runtime);
  const said = await explain(runtime, { userId: 'u_anna', day: '2026-03-02', metric: 'respiratory_rate_brpm' });
  expect(said.value).toBe(20);
  expect(said.evidence.map(({ pointer, text }) => ({ pointer, text }))).toEqual([
    { pointer: '/data/metrics/0/data/0/qty', text: '20' },
  ]);
});
