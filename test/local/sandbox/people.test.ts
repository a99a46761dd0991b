import { describe, expect, test } from 'vitest';
import { grouped, phoneRows, watchLists, type Item } from './bodies.ts';
import { generatePeople, type Population } from '../../../local/sandbox/people.ts';
import type { FileParcel, PushParcel } from '../../../local/sandbox/parcel.ts';

const OPTIONS = { seed: 'sandbox', days: 60, people: 2, until: '2026-11-21' };
const population = generatePeople(OPTIONS);

const pushes = (provider: string, from = population): PushParcel[] =>
  from.deliveries.filter((one): one is PushParcel => one.kind === 'push' && one.provider === provider);
const files = (kind: string, person: number): FileParcel[] =>
  population.deliveries.filter(
    (one): one is FileParcel => one.kind === 'file' && one.person === person && one.name.startsWith(kind),
  );
const watchBodies = (from = population): Readonly<Record<string, readonly Item[]>>[] =>
  pushes('garmin', from).map(({ body }) => watchLists(body));
const records = (type: string, person: number, from = population): Item[] =>
  watchBodies(from).flatMap((body) =>
    (body[type] ?? []).filter((one) => one['userId'] === from.people[person]?.watchId),
  );
const truthOf = (metric: string, person: number, from: Population = population): Map<string, number> =>
  new Map(
    from.truth.filter((one) => one.metric === metric && one.user === person).map((one) => [one.local_date, one.value]),
  );

test('two calls with one seed answer the same, another seed other people', () => {
  expect(generatePeople(OPTIONS)).toEqual(population);
  expect(generatePeople({ ...OPTIONS, seed: 'other' }).people[0]?.watchId).not.toBe(population.people[0]?.watchId);
});

test('more people leave those there were as they were', () => {
  const more = generatePeople({ ...OPTIONS, people: 4 });
  expect(more.people.slice(0, 2)).toEqual(population.people);
  expect(more.truth.filter(({ user }) => user < 2)).toEqual(population.truth);
});

test('the truth names every day and metric once', () => {
  const names = population.truth.map(({ user, local_date, metric }) => `${user} ${local_date} ${metric}`);
  expect(new Set(names).size).toBe(names.length);
});

test('one day is enough for a population', () => {
  const short = generatePeople({ ...OPTIONS, days: 1 });
  expect(truthOf('steps', 0, short).size).toBe(1);
  expect(short.deliveries.length).toBeGreaterThan(5);
});

describe('in two months there happens', () => {
  test('a journey: two changes of zone, and offsets of that zone in what the watch sends', () => {
    expect(population.people[0]?.moves.map(({ zone }) => zone)).toEqual(['Asia/Tokyo', 'Europe/Paris']);
    expect(new Set(records('dailies', 0).map((one) => one['startTimeOffsetInSeconds']))).toEqual(
      new Set([7200, 32_400, 3600]),
    );
  });

  test('a change of the clocks: a day of 25 hours', () => {
    const day = records('dailies', 1).find((one) => one['calendarDate'] === '2026-10-25');
    expect(day?.['durationInSeconds']).toBe(90_000);
  });

  test.each([0, 1])('a watch forgotten by person %i: no daily summary, and steps all the same', (person) => {
    const sent = new Set(records('dailies', person).map((one) => one['calendarDate']));
    const steps = truthOf('steps', person);
    const forgotten = [...steps.keys()].filter((date) => !sent.has(date));
    expect(forgotten.length).toBe(2);
    for (const date of forgotten) {
      expect(steps.get(date)).toBeGreaterThan(0);
      expect(truthOf('resting_heart_rate_bpm', person).has(date)).toBe(false);
    }
  });

  test('a day without a single step, which is a value', () => {
    expect([...truthOf('steps', 0).values()].filter((steps) => steps === 0)).toHaveLength(1);
    expect([...truthOf('floors_climbed', 0).values()].some((floors) => floors === 0)).toBe(true);
  });

  test('a night whose start was moved: two records that overlap', () => {
    const nights = grouped(records('sleeps', 0), (one) => one['calendarDate']);
    const starts = nights.map((same) => new Set(same.map((one) => one['startTimeInSeconds'])).size);
    expect(starts.filter((count) => count === 2)).toHaveLength(3);
  });

  test('a day sent while it ran and again whole, now and then in the wrong order', () => {
    const days = grouped(records('dailies', 0), (one) => one['calendarDate']);
    const durations = days.map((same) => same.map((one) => Number(one['durationInSeconds'])));
    const grown = durations.filter((all) => new Set(all).size > 1);
    expect(grown.length).toBeGreaterThan(5);
    expect(grown.some((all) => (all[0] ?? 0) > Math.min(...all))).toBe(true);
  });

  test('a last day that is still running', () => {
    const today = records('dailies', 0).filter((one) => one['calendarDate'] === OPTIONS.until);
    // 15 hours of it, the default.
    expect(today.at(-1)?.['durationInSeconds']).toBe(54_000);
  });

  test('a delivery repeated byte for byte, and one of two people', () => {
    const bodies = pushes('garmin').map(({ body }) => body);
    expect(new Set(bodies).size).toBeLessThan(bodies.length);
    const owners = watchBodies().map(
      (body) =>
        new Set(
          Object.values(body)
            .flat()
            .map((one) => one['userId']),
        ).size,
    );
    expect(owners.some((count) => count === 2)).toBe(true);
  });

  test('a diary exported again after edits: the second file tells other amounts and fewer rows of the same dates', () => {
    const [first, second] = files('Nutrition', 0).map(({ text }) =>
      text.split('\n').filter((line) => line.startsWith('2026')),
    );
    const shared = new Set(second?.map((line) => line.slice(0, 10)));
    const before = first?.filter((line) => shared.has(line.slice(0, 10))) ?? [];
    const after = second?.filter((line) => line.slice(0, 10) <= (first?.at(-1)?.slice(0, 10) ?? '')) ?? [];
    expect(before.length).toBeGreaterThan(after.length);
    expect(before.filter((line) => !after.includes(line)).length).toBeGreaterThan(2);
    // One day was cleared: inside what the second file states, and not in it.
    expect(truthOf('diet_energy_kcal', 0).size).toBe(OPTIONS.days - 1);
  });

  test('an amount above a thousand with its separator, a blank cell, and two rows alike', () => {
    const lines = files('Nutrition', 0).flatMap(({ text }) => text.split('\n'));
    expect(lines.some((line) => /"1,\d{3}\.\d"/.test(line))).toBe(true);
    expect(lines.some((line) => line.includes(',,'))).toBe(true);
    const second = files('Nutrition', 0)[1]?.text.split('\n').filter(Boolean) ?? [];
    expect(new Set(second).size).toBeLessThan(second.length);
  });

  test('an hour of the phone sent again, larger and under another name of the source', () => {
    const rows = pushes('apple').flatMap(({ body }) => phoneRows(body, 'step_count'));
    const versions = grouped(rows, (row) => row['date']).filter(
      (same) => new Set(same.map((row) => row['source'])).size > 1,
    );
    const grown = versions.filter((same) => Number(same.at(-1)?.['qty']) > Number(same[0]?.['qty']));
    expect(grown.length).toBeGreaterThan(0);
  });
});
