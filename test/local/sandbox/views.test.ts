import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { beatOffsets, nightParts, phoneRows, watchLists, type Item } from './bodies.ts';
import { generatePeople } from '../../../local/sandbox/people.ts';

const population = generatePeople({ seed: 'views', days: 45, people: 2, until: '2026-11-10' });
const watchId = population.people[0]?.watchId;

/** The latest of each key, as a map. */
function latest(items: readonly Item[], key: (item: Item) => string): Map<string, Item> {
  return new Map(items.map((item) => [key(item), item]));
}

const pushed = population.deliveries.flatMap((one) => (one.kind === 'push' ? [one] : []));
const watch = (type: string): Item[] =>
  pushed
    .filter(({ provider }) => provider === 'garmin')
    .flatMap(({ body }) => watchLists(body)[type] ?? [])
    .filter((item) => item['userId'] === watchId);
const phone = (name: string, aggregation: string): Item[] =>
  pushed
    .filter(
      (one) => one.provider === 'apple' && one.person === 0 && one.headers['automation-aggregation'] === aggregation,
    )
    .flatMap(({ body }) => phoneRows(body, name));

/** `2026-11-03 07:00:00 +0100` as epoch seconds. */
const seconds = (date: unknown): number => {
  const [day, time, offset] = String(date).split(' ');
  return Date.parse(`${day}T${time}${offset?.slice(0, 3)}:${offset?.slice(3)}`) / 1000;
};

test('what the watch counted, and the phone in quarters of an hour without an epoch, is what was walked', () => {
  const epochs = new Set(watch('epochs').map((one) => Number(one['startTimeInSeconds'])));
  const dailies = watch('dailies');
  const whole = new Map<string, Item>();
  for (const one of dailies) {
    const date = String(one['calendarDate']);
    const known = whole.get(date);
    if (known === undefined || Number(known['durationInSeconds']) <= Number(one['durationInSeconds']))
      whole.set(date, one);
  }
  const hours = latest(phone('step_count', 'hours'), (row) => String(row['date']));
  const outside = new Map<string, number>();
  for (const row of hours.values()) {
    if (epochs.has(seconds(row['date']))) continue;
    const date = String(row['date']).slice(0, 10);
    outside.set(date, (outside.get(date) ?? 0) + Number(row['qty']));
  }
  const steps = population.truth.filter((one) => one.user === 0 && one.metric === 'steps');
  expect(steps).toHaveLength(45);
  for (const { local_date, value } of steps) {
    expect([local_date, Number(whole.get(local_date)?.['steps'] ?? 0) + (outside.get(local_date) ?? 0)]).toEqual([
      local_date,
      value,
    ]);
  }
  // The rule is used: there are days on which both counted what the other did not.
  expect([...outside.keys()].filter((date) => whole.has(date) && (outside.get(date) ?? 0) > 0).length).toBeGreaterThan(
    5,
  );
});

test('the epochs of a day add up to its daily summary', () => {
  const epochs = latest(
    watch('epochs'),
    (one) => `${String(one['startTimeInSeconds'])} ${String(one['activityType'])}`,
  );
  const last = watch('dailies').findLast((one) => one['calendarDate'] === '2026-11-03');
  const [startS, endS] = [Number(last?.['startTimeInSeconds']), Number(last?.['startTimeInSeconds']) + 86_400];
  const inside = [...epochs.values()].filter(
    (one) => Number(one['startTimeInSeconds']) >= startS && Number(one['startTimeInSeconds']) < endS,
  );
  const sum = (field: string): number => inside.reduce((total, one) => total + Number(one[field]), 0);
  expect(inside.length).toBeGreaterThan(40);
  expect(sum('steps')).toBe(last?.['steps']);
  expect(sum('activeKilocalories')).toBe(last?.['activeKilocalories']);
  expect(sum('distanceInMeters')).toBeCloseTo(Number(last?.['distanceInMeters']), 6);
});

test('a night has no gaps, ends awake, and its asleep time leaves the waking out', () => {
  for (const night of watch('sleeps')) {
    const ordered = nightParts(night);
    expect(ordered[0]?.from).toBe(night['startTimeInSeconds']);
    for (const [at, part] of ordered.entries()) if (at > 0) expect(part.from).toBe(ordered[at - 1]?.to);
    const awake = ordered
      .filter(({ stage }) => stage === 'awake')
      .reduce((total, { from, to }) => total + to - from, 0);
    const span = (ordered.at(-1)?.to ?? 0) - (ordered[0]?.from ?? 0);
    expect(ordered.at(-1)?.stage).toBe('awake');
    expect(night['durationInSeconds']).toBe(span - awake);
  }
});

test('heart samples lie inside the part of the day that was sent', () => {
  for (const day of watch('dailies')) {
    const offsets = beatOffsets(day);
    expect(offsets.length).toBeGreaterThan(20);
    expect(Math.max(...offsets)).toBeLessThan(Number(day['durationInSeconds']));
  }
});

test('the phone alone has hours and a row for the day, which say the same', () => {
  const [row] = phone('step_count', 'days');
  const date = String(row?.['date']).slice(0, 10);
  const hours = latest(phone('step_count', 'hours'), (one) => String(one['date']));
  const sum = [...hours.values()]
    .filter((one) => String(one['date']).startsWith(date))
    .reduce((total, one) => total + Number(one['qty']), 0);
  expect(row?.['qty']).toBe(sum);
});

/** Fields of a record in the specification's own examples. */
const documented = (file: string, type: string): Set<string> => {
  const path = new URL(`../../fixtures/garmin/${file}`, import.meta.url);
  return new Set((watchLists(readFileSync(path, 'utf8'))[type] ?? []).flatMap((record) => Object.keys(record)));
};

test.each([
  ['dailies', 'spec-push-dailies-two-users.json'],
  ['epochs', 'spec-push-epochs.json'],
  ['sleeps', 'spec-push-sleeps.json'],
  ['bodyComps', 'spec-push-mixed-body-vitals.json'],
])('%s are spelled as the specification spells them', (type, file) => {
  const known = documented(file, type);
  const fields = new Set(watch(type).flatMap((record) => Object.keys(record)));
  expect([...fields].filter((field) => !known.has(field))).toEqual([]);
});
