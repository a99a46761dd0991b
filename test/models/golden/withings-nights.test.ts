import { describe, expect, test } from 'vitest';
import type { Payload } from '../../support/transform.ts';
import { at, connectionFact, daily, refused, tables, userFact } from '../deliveries.ts';

// Shapes of the documented answers with figures of our own: no recorded answer of `sleep get` is at hand.
const NIGHT = at('2026-11-09T22:00:00Z');
const RECEIVED = '2026-11-10T08:00:00Z';
const LATER = '2026-11-11T08:00:00Z';
const person = [userFact('u_a', { zone: 'Europe/Paris' }), connectionFact('u_a', 'withings', 'w')];

const answer = (type: string, series: readonly object[], receivedAt = RECEIVED): Payload => ({
  provider: 'withings',
  externalId: 'w',
  type,
  data: { status: 0, body: { series, model: 16 } },
  receivedAt,
  receiver: 'fetch',
});
/** A stage of so many minutes, so many minutes into the night. */
const stage = (state: number, fromMin: number, minutes: number, readings: object = {}) => ({
  startdate: NIGHT + fromMin * 60,
  enddate: NIGHT + (fromMin + minutes) * 60,
  state,
  model: 16,
  ...readings,
});
const summary = (id: number, modified: number, fields: object, startdate = NIGHT) => ({
  id,
  timezone: 'Europe/Paris',
  model: 16,
  startdate,
  enddate: NIGHT + 8 * 3600,
  date: '2026-11-10',
  modified,
  data: fields,
});

const sessions = (of: Awaited<ReturnType<typeof tables>>) =>
  of.query(
    `select start_utc, end_utc, cast(local_date as varchar) as day, asleep_s, light_s, deep_s, rem_s, awake_s, quality
     from sleep_sessions order by start_utc`,
  );

// out of order, as they come: light 60, deep 90, awake 10, REM 30, out of bed 5 minutes
const stages = [stage(2, 60, 90), stage(1, 0, 60), stage(3, 160, 30), stage(0, 150, 10), stage(15, 190, 5)];

describe('stages', () => {
  test('make a night until the summary comes', async () => {
    const of = await tables([...person, answer('sleep-get', stages)]);
    expect(await sessions(of)).toEqual([
      {
        start_utc: '2026-11-09T22:00:00.000Z',
        end_utc: '2026-11-10T01:15:00.000Z', // + 195 minutes
        day: '2026-11-10', // 02:15 in Paris
        asleep_s: 10_800, // 60 + 90 + 30 minutes
        light_s: 3600,
        deep_s: 5400,
        rem_s: 1800,
        awake_s: 900, // 10 and 5 minutes
        quality: 'provisional',
      },
    ]);
    const told = await tables([
      ...person,
      answer('sleep-get', stages),
      answer('sleep-getsummary', [
        summary(1, 1, { total_sleep_time: 20_000, total_timeinbed: 25_000, sleep_efficiency: 0.5 }),
      ]),
    ]);
    expect(await told.query('select asleep_s, in_bed_s, efficiency_pct, quality from sleep_sessions')).toEqual([
      { asleep_s: 20_000, in_bed_s: 25_000, efficiency_pct: 80, quality: 'ok' }, // 20000 of 25000, before the provider's own
    ]);
  });

  test('a gap of more than two hours begins another night', async () => {
    const of = await tables([...person, answer('sleep-get', [stage(1, 0, 60), stage(1, 180, 60), stage(1, 361, 60)])]);
    // 60 to 180 is two hours; 240 to 361 is a minute more
    expect((await sessions(of)).map(({ asleep_s }) => asleep_s)).toEqual([7200, 3600]);
  });

  test('asked for again and cut anew are never counted beside those they replace', async () => {
    const again = answer('sleep-get', [stage(1, 0, 30), stage(2, 30, 120)], LATER);
    const of = await tables([...person, answer('sleep-get', stages), again]);
    // light 0-30, deep 30-150; of the older ones REM 160-190 and the waking from 150 on stand
    expect(await sessions(of)).toMatchObject([{ light_s: 1800, deep_s: 7200, rem_s: 1800, awake_s: 900 }]);
  });
});

describe('readings of a night', () => {
  const [first, second, third] = [NIGHT, NIGHT + 60, NIGHT + 120];
  const series = {
    hr: { [first]: 60, [second]: 64, [third]: 0 },
    rr: { [first]: 14, [second]: 15 },
    rmssd: { [first]: 40, [second]: 50, [third]: 0 },
    sdnn_1: { [first]: 70 },
  };
  const night = answer('sleep-get', [stage(1, 0, 60, series)]);

  test('are samples; 0 is none of them, and RMSSD and SDNN are two metrics', async () => {
    const of = await tables([...person, night]);
    const rows = await of.query(
      'select metric, count(*) as n, min(value) as lowest from samples group by metric order by metric',
    );
    expect(rows).toEqual([
      { metric: 'heart_rate_bpm', n: 2, lowest: 60 },
      { metric: 'hrv_rmssd_ms', n: 2, lowest: 40 },
      { metric: 'hrv_sdnn_ms', n: 1, lowest: 70 },
      { metric: 'respiratory_rate_brpm', n: 2, lowest: 14 },
    ]);
    expect(await of.query(`select raw_pointer from samples where metric = 'hrv_sdnn_ms'`)).toEqual([
      { raw_pointer: `/body/series/0/sdnn_1/${first}` },
    ]);
    expect(await refused(of)).toEqual([]);
  });

  test('give the night’s variability, and its respiration where the summary says none', async () => {
    const of = await tables([...person, night]);
    expect(await daily(of, 'hrv_rmssd_ms')).toEqual({ '2026-11-10': 45 }); // (40 + 50) / 2
    expect(await daily(of, 'respiratory_rate_brpm')).toEqual({ '2026-11-10': 14.5 });
    const told = await tables([
      ...person,
      night,
      answer('sleep-getsummary', [summary(1, 1, { total_sleep_time: 1, rr_average: 16 })]),
    ]);
    expect(await daily(told, 'respiratory_rate_brpm')).toEqual({ '2026-11-10': 16 });
    expect(await daily(told, 'hrv_rmssd_ms')).toEqual({ '2026-11-10': 45 });
  });
});

describe('summaries', () => {
  const older = answer('sleep-getsummary', [summary(1, 100, { total_sleep_time: 20_000 })]);

  test.each([
    ['the same id', 1],
    ['another id', 2],
  ])('a night edited under %s is one night, the one modified last, whichever came first', async (_, id) => {
    const newer = answer('sleep-getsummary', [summary(id, 200, { total_sleep_time: 21_000 }, NIGHT + 600)]);
    const swapped = [
      { ...newer, receivedAt: RECEIVED },
      { ...older, receivedAt: LATER },
    ];
    for (const payloads of [[older, { ...newer, receivedAt: LATER }], swapped]) {
      const of = await tables([...person, ...payloads]);
      expect(await of.query('select asleep_s from sleep_sessions')).toEqual([{ asleep_s: 21_000 }]);
    }
  });
});
