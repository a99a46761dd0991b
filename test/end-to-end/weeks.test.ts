import { expect, test } from 'vitest';
import { addDays, daysBetween } from '../../app/days.ts';
import { setGoal } from '../../app/goals.ts';
import { metricOf } from '../../app/metrics.ts';
import { transform } from '../../app/transform.ts';
import { openRuntime } from '../../local/runtime.ts';
import { generatePeople } from '../../local/sandbox/people.ts';
import type { Truth } from '../../local/sandbox/truth.ts';
import { makeDirectory, removeDirectory } from '../support/directory.ts';
import { receiveAll } from '../support/guests.ts';

// Six weeks: four days of them in Tokyo, from 2026-10-08 on, and Paris leaves summer time on 2026-10-25.
const OPTIONS = { seed: 'autumn', days: 42, people: 1, until: '2026-11-08' };
const GOAL = 9000;

/** 2026-01-05 was a Monday. */
const mondayOf = (day: string): string => addDays(day, -((daysBetween('2026-01-05', day) + 700) % 7));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The line of least squares as textbooks write it; undefined where it says nothing (models/README.md). */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number | undefined {
  const xs = points.map(([x]) => x);
  if (points.length < 4 || Math.max(...xs) - Math.min(...xs) < 14) return undefined;
  const [atX, atY] = [mean(xs), mean(points.map(([, y]) => y))];
  const across = points.reduce((sum, [x]) => sum + (x - atX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - atX) * (y - atY), 0) / across;
}

/** Each week of the days that truly were, beside its four: `user week metric` and the figures. */
function weeksOf(truth: readonly Truth[]): ReadonlyMap<string, readonly (number | undefined)[]> {
  const series = new Map<string, Truth[]>();
  for (const one of truth) {
    const name = `${one.user} ${one.metric}`;
    series.set(name, [...(series.get(name) ?? []), one]);
  }
  const told = [...series.values()].flatMap((days) =>
    [...new Set(days.map(({ local_date }) => mondayOf(local_date)))].map((week) => {
      const points = days.map((day) => [daysBetween(week, day.local_date), day.value] as const);
      const within = (from: number, to: number) => points.filter(([x]) => x >= from && x <= to);
      const [own, before] = [within(0, 6), within(-28, -1)].map((some) => some.map(([, value]) => value));
      const usual = before === undefined || before.length < 4 ? undefined : mean(before);
      const change = own === undefined || usual === undefined ? undefined : mean(own) - usual;
      const name = `${days[0]?.user} ${week} ${days[0]?.metric}`;
      return [name, [own?.length, mean(own ?? []), before?.length, change, slopeOf(within(-21, 6))]] as const;
    }),
  );
  return new Map(told);
}

const near = (value: number | undefined, scale: number) =>
  value === undefined ? null : expect.closeTo(value, 5 - Math.ceil(Math.log10(Math.max(1, Math.abs(scale)))));

test('a journey and a clock change break no week, and no days in a row', async () => {
  const directory = makeDirectory();
  const runtime = await openRuntime({ dataDir: directory, zone: 'UTC' });
  try {
    const population = generatePeople(OPTIONS);
    expect(population.people.some(({ moves }) => moves.length > 0)).toBe(true);
    const guests = await receiveAll(runtime, population);
    for (const { user } of guests)
      await setGoal(runtime, user, { metric: 'steps', direction: 'at_least', target: GOAL, since: 0 });
    await transform(runtime);
    const users = guests.map(({ user }) => user.user_id);

    // Of weight another value of the day counts (models/README.md) than the truth tells.
    const truth = population.truth.filter(({ metric }) => metric !== 'weight_kg');
    // What adds up over the last day there is may add up to more yet: it counts in no week.
    const isOver = (one: Truth): boolean =>
      one.local_date < OPTIONS.until || !['SUM', 'SUMI', 'TOTAL'].includes(metricOf(one.metric).day_rule);
    const weeks = weeksOf(truth.filter(isOver));
    const { rows } = await runtime.console.query("select * from trends_weekly where metric <> 'weight_kg'");
    const found = rows.map((row) => ({
      ...row,
      name: `${users.indexOf(String(row['user_id']))} ${String(row['week'])} ${String(row['metric'])}`,
    }));
    expect(found.map(({ name }) => name).toSorted()).toEqual([...weeks.keys()].toSorted());
    for (const { name, ...row } of found) {
      const [days, average = 0, before, change, slope] = weeks.get(name) ?? [];
      expect(row, name).toMatchObject({
        n_days: days,
        mean: near(average, average),
        n_before: before,
        change: near(change, average),
        slope_per_day: near(slope, average),
      });
    }

    for (const [user, id] of users.entries()) {
      const walked = new Map(
        truth.filter((one) => one.user === user && one.metric === 'steps').map((one) => [one.local_date, one.value]),
      );
      const { rows: days } = await runtime.console.query(
        `select local_date, streak from goals_daily where user_id = '${id}' order by local_date`,
      );
      const expected = [...walked.keys()].toSorted().map((day) => {
        let streak = 0;
        for (let on = day; (walked.get(on) ?? -1) >= GOAL; on = addDays(on, -1)) streak += 1;
        return { local_date: day, streak };
      });
      expect(days).toEqual(expected);
      expect(Math.max(...expected.map(({ streak }) => streak))).toBeGreaterThan(1);
    }
  } finally {
    await runtime.close();
    removeDirectory(directory);
  }
});
