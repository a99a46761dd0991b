import { describe, expect, test } from 'vitest';
import { apple, daily, dayOf, person, tables } from './deliveries.ts';

const DAY = '2026-11-10';
const steps = (rows: readonly (readonly [string, number])[], receivedAt: string, aggregation?: string) =>
  apple(
    'step_count',
    'count',
    rows.map(([clock, qty]) => ({ date: `${DAY} ${clock}:00 +0100`, qty, source: 'iPhone' })),
    receivedAt,
    aggregation,
  );
const kinds = `select kind, quality, cast(end_utc - start_utc as varchar) as length, value from observations order by start_utc`;

describe('without the header, how long a row is', () => {
  test('is told by all rows of its metric and date: hours pushed after a lone midnight are no part of a day', async () => {
    const of = await tables([
      ...person(),
      steps([['00:00', 30]], '2026-11-10T00:30:00Z'),
      steps(
        [
          ['01:00', 100],
          ['02:00', 200],
        ],
        '2026-11-10T03:00:00Z',
      ),
    ]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 330 }); // 30 + 100 + 200
    expect(await of.query(kinds)).toEqual([
      { kind: 'interval', quality: 'partial', length: '01:00:00', value: 30 },
      { kind: 'interval', quality: 'partial', length: '01:00:00', value: 100 },
      { kind: 'interval', quality: 'partial', length: '01:00:00', value: 200 },
    ]);
  });

  test('is told so also when the midnight row is the last to come', async () => {
    const of = await tables([
      ...person(),
      steps([['02:00', 200]], '2026-11-10T03:00:00Z'),
      steps([['00:00', 30]], '2026-11-10T04:00:00Z'),
    ]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 230 }); // 200 + 30
  });

  test('is a minute when any row of the date is not on the hour', async () => {
    const of = await tables([
      ...person(),
      steps([['09:00', 10]], '2026-11-10T09:30:00Z'),
      steps(
        [
          ['09:01', 20],
          ['09:02', 5],
        ],
        '2026-11-10T10:00:00Z',
      ),
    ]);
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 35 }); // 10 + 20 + 5
    expect((await of.query(kinds)).map((row) => row['length'])).toEqual(['00:01:00', '00:01:00', '00:01:00']);
  });

  test('is a day where midnight is all there is, on each date for itself', async () => {
    const of = await tables([
      ...person(),
      apple(
        'step_count',
        'count',
        [
          { date: `${DAY} 00:00:00 +0100`, qty: 5000 },
          { date: '2026-11-11 00:00:00 +0100', qty: 30 },
          { date: '2026-11-11 01:00:00 +0100', qty: 70 },
        ],
        '2026-11-11T08:00:00Z',
      ),
    ]);
    expect(await dayOf(of, 'steps', DAY)).toMatchObject({ value: 5000, coverage_pct: 100 });
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 5000, '2026-11-11': 100 }); // 30 + 70
  });

  test('is not told by rows that say theirs, nor by one whose clock cannot be read', async () => {
    const of = await tables([
      ...person(),
      steps([['00:00', 5000]], '2026-11-11T08:00:00Z'),
      steps([['09:00', 400]], '2026-11-11T08:00:01Z', 'Hours'),
      apple('step_count', 'count', [{ date: `${DAY} noon`, qty: 0 }], '2026-11-11T07:00:00Z'),
    ]);
    // the day's row holds the hour; the row without a clock is an older statement of the day
    expect(await daily(of, 'steps')).toEqual({ [DAY]: 5000 });
  });
});

test('rows whose time cannot be read are refused, each of them', async () => {
  const rows = ['yesterday', 'today'].map((date) => ({ date, qty: 5 }));
  const of = await tables([...person(), apple('step_count', 'count', rows, '2026-11-11T08:00:00Z', 'Hours')]);
  expect(await of.query('select rule, pointer from quarantine order by pointer')).toEqual([
    { rule: 'implausible_time', pointer: '/data/metrics/0/data/0' },
    { rule: 'implausible_time', pointer: '/data/metrics/0/data/1' },
  ]);
});
