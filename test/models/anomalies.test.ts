import { describe, expect, test } from 'vitest';
import { before, inTurn, over, type DayValue } from './over.ts';

const DAY = '2026-03-04';
const NEXT = '2026-03-05';

/** What is said of `DAY`, by person. */
const found = async (people: Readonly<Record<string, readonly DayValue[]>>, imperial: readonly string[] = []) => {
  const query = await over('anomalies', people, { imperial });
  const rows = await query(
    `select user_id, metric, severity, direction, sentence, n from anomalies where local_date = date '${DAY}' order by metric`,
  );
  return Object.fromEntries(
    Object.keys(people).map((user) => [user, rows.filter(({ user_id: of }) => of === user)] as const),
  );
};
const on = (metric: string, value: number): DayValue => ({ day: DAY, metric, value });
const bpm = (value: number): DayValue => on('resting_heart_rate_bpm', value);
const beating = (...values: readonly number[]) => before(DAY, 'resting_heart_rate_bpm', values);

/** Four weeks of two values in turn, and then this one. */
const of = (metric: string, low: number, high: number, value: number) => [
  ...before(DAY, metric, inTurn(28, low, high)),
  on(metric, value),
];

describe('anomalies', () => {
  test('a value is notable, strong or extreme by its distance from the own normal, and said with the band', async () => {
    // Twenty-eight days at 50 and 60 in turn: mean 55, sd = sqrt(28 x 5² / 27) = 5.0918…, the band 49.9 to 60.1.
    const usual = beating(...inTurn(28, 50, 60));
    // 55 + 2.5 x 5.0918 = 67.73, + 3.5 x = 72.82, + 5 x = 80.46
    const cases = [67, 68, 72, 73, 80, 81, 36].map((value) => [`at_${value}`, [...usual, bpm(value)]] as const);
    const said = await found(Object.fromEntries(cases));
    expect(Object.entries(said).map(([user, [row]]) => [user, row?.['severity']])).toEqual([
      ['at_67', undefined],
      ['at_68', 'notable'],
      ['at_72', 'notable'],
      ['at_73', 'strong'],
      ['at_80', 'strong'],
      ['at_81', 'extreme'],
      ['at_36', 'strong'], // (36 - 55) / 5.0918 = -3.73
    ]);
    const sentence = 'Your resting heart rate was 36 bpm, much lower than usual (50 to 60 bpm).';
    expect(said['at_36']).toMatchObject([{ direction: 'below', n: 28, sentence }]);
  });

  test('fourteen days are needed, and thirteen say nothing', async () => {
    const said = await found({
      thirteen: [...beating(...inTurn(13, 50, 60)), bpm(90)],
      // mean 55, sd = sqrt(14 x 25 / 13) = 5.19: z = 6.7
      fourteen: [...beating(...inTurn(14, 50, 60)), bpm(90)],
    });
    expect(said).toMatchObject({ thirteen: [], fourteen: [{ severity: 'extreme', n: 14 }] });
  });

  test('a distance nobody would notice is none, however even the days before were', async () => {
    // one 56 among 55s: sd = sqrt((27 x (1/28)² + (27/28)²) / 27) = 0.19; 57 is ten of them away and 2 bpm, fewer than 3
    const even = beating(56, ...inTurn(27, 55));
    const said = await found({
      near: [...even, bpm(57)],
      far: [...even, bpm(59)],
      // where all were equal there is no band to be outside of
      equal: [...beating(...inTurn(28, 55)), bpm(90)],
    });
    expect(said).toMatchObject({ near: [], far: [{ severity: 'extreme' }], equal: [] });
  });

  test('an amount of a day is low only once there is a later day, high at once', async () => {
    // mean 8500, sd = sqrt(28 x 500² / 27) = 509.2: 7,991 to 9,009
    const walked = before(DAY, 'steps', inTurn(28, 8000, 9000));
    const slept = before(DAY, 'sleep_total_s', inTurn(28, 27_000, 28_800));
    const said = await found({
      running: [...walked, on('steps', 1000)],
      over: [...walked, on('steps', 1000), { day: NEXT, metric: 'weight_kg', value: 70 }],
      high: [...walked, on('steps', 20_000)],
      // a night is over when it is told
      night: [...slept, on('sleep_total_s', 14_400)],
    });
    expect(said).toMatchObject({
      running: [],
      over: [{ sentence: 'You took 1,000 steps, far less than usual (7,991 to 9,009 steps).' }],
      high: [{ sentence: 'You took 20,000 steps, far more than usual (7,991 to 9,009 steps).' }],
      night: [{ direction: 'below' }],
    });
  });

  test('numbers are said as a person reads them, in their units', async () => {
    const weighed = of('weight_kg', 69.8, 70.2, 72.3);
    const said = await found(
      {
        metric: [
          // mean 7 h 30 min, distances 30 min: sd = 1800 x sqrt(28/27) s = 30 min 33 s
          ...of('sleep_total_s', 25_200, 28_800, 18_000),
          // mean 70.0, sd = 0.2 x sqrt(28/27) = 0.2037: 69.8 to 70.2
          ...weighed,
          // mean 0, sd 0.1 x 1.0184 = 0.1018
          ...of('skin_temperature_dev_c', -0.1, 0.1, -0.9),
          // mean 98, sd = 1.0184: up to 99.02
          ...of('spo2_pct', 97, 99, 93),
          // mean 300, sd = 300 x 1.0184 = 305.5: the band would begin at -5.5, and no energy is below 0
          ...of('energy_active_kcal', 0, 600, 1234),
        ],
        // 72.3 kg is 159.39… lb, 69.796 kg is 153.87… lb, 70.204 kg is 154.77… lb
        imperial: weighed,
      },
      ['imperial'],
    );
    expect(said['metric']?.map(({ sentence }) => sentence)).toEqual([
      'Your active energy was 1,234 kcal, more than usual (0 to 606 kcal).', // (1234 - 300) / 305.5 = 3.06
      'Your skin temperature deviation was -0.9 °C, far lower than usual (-0.1 to 0.1 °C).', // -8.8
      'You slept 5 h, much less than usual (6 h 59 min to 8 h 1 min).', // -9000 / 1833 = -4.9
      'Your blood oxygen saturation was 93%, much lower than usual (97 to 99%).', // -4.91
      'You weighed 72.3 kg, far more than usual (69.8 to 70.2 kg).', // 11.3
    ]);
    expect(said['imperial']).toMatchObject([
      { sentence: 'You weighed 159.4 lb, far more than usual (153.9 to 154.8 lb).' },
    ]);
  });

  test('the table says nothing of a cause and judges nobody', async () => {
    const query = await over('anomalies', {});
    const rows = await query('select opening, above, below from anomaly_metrics');
    const words = rows.flatMap((row) => Object.values(row).map(String)).join(' ');
    expect(words).not.toMatch(/\b(bad|poor|good|ill|sick|risk|danger|disease|normal|healthy|should)\b/i);
    const known = await query('select metric from anomaly_metrics where metric not in (select metric from metrics)');
    expect(known).toEqual([]);
  });
});
