import { expect, test } from 'vitest';
import type { ReadingsStore } from '../../ports/readings/readings.ts';
import type { Row } from '../../ports/warehouse/warehouse.ts';

const YEAR = { from: '2026-01-01', to: '2026-12-31' };
const steps = (userId: string, day: string, value: number, metric = 'steps'): Row => ({
  user_id: userId,
  local_date: day,
  metric,
  value,
});
const sleep = (userId: string, day: string, id: string, start = `${day}T00:00:00.000Z`): Row => ({
  session_id: id,
  user_id: userId,
  local_date: day,
  start_utc: start,
});

const valuesOf = (rows: readonly Row[]) => rows.map((row) => [row['local_date'], row['metric'], row['value']]);

const score = (name: string): Row => ({ user_id: 'u_anna', local_date: '2026-03-01', name, value: 80 });

const ready = (day: string, readiness: number): Row => ({ user_id: 'u_anna', local_date: day, readiness });

const workout = (id: string, start: string | null): Row => ({
  workout_id: id,
  user_id: 'u_anna',
  local_date: '2026-03-01',
  start_utc: start,
});

/** What every driver of readings that are a copy must do beside what all readings do. */
export function readingsStoreContract(open: () => Promise<ReadingsStore>): void {
  test('a row takes the place of the one of its grain, and one that is gone is read no more', async () => {
    const store = await open();
    await store.apply('daily_metrics', [
      { row: steps('u_anna', '2026-03-01', 1) },
      { row: steps('u_anna', '2026-03-02', 2) },
    ]);
    const { value: _, ...gone } = steps('u_anna', '2026-03-02', 2);
    await store.apply('daily_metrics', [{ gone }, { row: steps('u_anna', '2026-03-01', 3) }]);
    expect(valuesOf(await store.daily({ userId: 'u_anna', ...YEAR }))).toEqual([['2026-03-01', 'steps', 3]]);
  });

  test('changes may be applied in any order and again', async () => {
    const store = await open();
    const gone = { user_id: 'u_anna', local_date: '2026-03-01', metric: 'steps' };
    const changes = [{ row: steps('u_anna', '2026-03-01', 3) }, { gone }, { row: steps('u_ben', '2026-03-01', 4) }];
    for (const all of [changes, changes.toReversed(), changes]) await store.apply('daily_metrics', all);
    expect(valuesOf(await store.daily({ userId: 'u_anna', ...YEAR }))).toEqual([['2026-03-01', 'steps', 3]]);
    expect(valuesOf(await store.daily({ userId: 'u_ben', ...YEAR }))).toEqual([['2026-03-01', 'steps', 4]]);
  });

  test('a year of days and metrics is kept whole, and a range and a metric are picked out of it', async () => {
    const store = await open();
    const days = Array.from({ length: 60 }, (_, n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
    const all = days.flatMap((day, n) => ['a', 'b', 'steps'].map((metric) => steps('u_anna', day, n, metric)));
    await store.apply(
      'daily_metrics',
      all.toReversed().map((row) => ({ row })),
    );
    expect(await store.daily({ userId: 'u_anna', ...YEAR })).toEqual(all);
    const [from, to] = ['2026-01-31', '2026-02-01'];
    // The days number 30 and 31, counted from 0.
    expect(valuesOf(await store.daily({ userId: 'u_anna', from, to, metric: 'steps' }))).toEqual([
      [from, 'steps', 30],
      [to, 'steps', 31],
    ]);
  });

  test('scores are picked by their name; a metric leaves sessions and meals as they are', async () => {
    const store = await open();
    const meal: Row = { user_id: 'u_anna', local_date: '2026-03-01', meal: 'Brot # 1', energy_kcal: 5 };
    await store.apply('scores', [{ row: score('oura.sleep') }, { row: score('garmin.stress') }]);
    await store.apply('meals', [{ row: meal }]);
    const range = { userId: 'u_anna', ...YEAR, metric: 'oura.sleep' };
    expect(await store.scores(range)).toEqual([score('oura.sleep')]);
    expect(await store.meals(range)).toEqual([meal]);
  });

  test('of readiness there is one row a day, of baselines and anomalies one a metric', async () => {
    const store = await open();
    const [old, first, second] = [ready('2026-03-01', 40), ready('2026-03-01', 45), ready('2026-03-02', 50)];
    for (const row of [old, second, first]) await store.apply('readiness_daily', [{ row }]);
    expect(await store.readiness({ userId: 'u_anna', ...YEAR })).toEqual([first, second]);
    await store.apply('readiness_daily', [{ gone: { user_id: 'u_anna', local_date: '2026-03-01' } }]);
    expect(await store.readiness({ userId: 'u_anna', ...YEAR })).toEqual([second]);
    const rows = ['steps', 'weight_kg'].map((metric) => steps('u_anna', '2026-03-01', 1, metric));
    for (const table of ['baselines_daily', 'anomalies'] as const)
      await store.apply(
        table,
        rows.map((row) => ({ row })),
      );
    const range = { userId: 'u_anna', ...YEAR };
    expect([await store.baselines(range), await store.anomalies({ ...range, metric: 'steps' })]).toEqual([
      rows,
      rows.slice(0, 1),
    ]);
  });

  test('a session moves to another day and, with its account, to another person, and is nowhere else', async () => {
    const store = await open();
    const at = async (userId: string) => (await store.sleep({ userId, ...YEAR })).map((row) => row['local_date']);
    await store.apply('sleep_sessions', [{ row: sleep('u_anna', '2026-03-01', 's1') }]);
    await store.apply('sleep_sessions', [{ row: sleep('u_anna', '2026-03-02', 's1') }]);
    expect(await at('u_anna')).toEqual(['2026-03-02']);
    await store.apply('sleep_sessions', [{ row: sleep('u_ben', '2026-03-02', 's1') }]);
    expect([await at('u_anna'), await at('u_ben')]).toEqual([[], ['2026-03-02']]);
    // Its grain is its id alone.
    await store.apply('sleep_sessions', [{ gone: { session_id: 's1' } }]);
    await store.apply('sleep_sessions', [{ gone: { session_id: 's1' } }]);
    expect([await at('u_anna'), await at('u_ben')]).toEqual([[], []]);
  });

  test('the sessions of a day come in order of their beginning, those without one last', async () => {
    const store = await open();
    const [early, late, never] = [
      workout('z', '2026-03-01T06:00:00.000Z'),
      workout('a', '2026-03-01T18:00:00.000Z'),
      workout('m', null),
    ];
    await store.apply(
      'workouts',
      [late, never, early].map((row) => ({ row })),
    );
    expect(await store.workouts({ userId: 'u_anna', ...YEAR })).toEqual([early, late, never]);
  });

  test('who is removed leaves nothing, everybody else stays, and the answer counts rows', async () => {
    const store = await open();
    for (const user of ['u_anna', 'u_ben', 'u_anna2']) {
      await store.apply('daily_metrics', [{ row: steps(user, '2026-03-01', 1) }]);
      await store.apply('sleep_sessions', [{ row: sleep(user, '2026-03-01', `s_${user}`) }]);
    }
    expect([await store.remove('u_anna'), await store.remove('u_anna')]).toEqual([2, 0]);
    expect(await store.daily({ userId: 'u_anna', ...YEAR })).toEqual([]);
    for (const userId of ['u_ben', 'u_anna2']) {
      expect(await store.daily({ userId, ...YEAR })).toHaveLength(1);
      expect(await store.sleep({ userId, ...YEAR })).toHaveLength(1);
    }
  });
}
