import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { addDays } from '../../../local/sandbox/calendar.ts';
import type { HeldRecord } from '../../../local/sandbox/holding.ts';
import { FETCHED, PUSHED, generatePeople } from '../../../local/sandbox/people.ts';
import { versionsOf } from './answers.ts';
import type { Item } from './bodies.ts';

const OPTIONS = { seed: 'holdings', days: 60, people: 2, until: '2026-11-15', providers: [...PUSHED, ...FETCHED] };
const population = generatePeople(OPTIONS);
const held = (provider: string, person: number, type: string): readonly HeldRecord[] =>
  population.holdings
    .filter((one) => one.provider === provider && one.person === person)
    .flatMap(({ records }) => records.filter((one) => one.type === type));
/** What is known of each thing in the end. */
const last = (provider: string, person: number, type: string): readonly HeldRecord[] => [
  ...new Map(
    held(provider, person, type)
      .toSorted((a, b) => a.knownAtS - b.knownAtS)
      .map((one) => [one.id, one]),
  ).values(),
];
const truth = (metric: string, person: number): Map<string, number> =>
  new Map(
    population.truth
      .filter((one) => one.metric === metric && one.user === person)
      .map((one) => [one.local_date, one.value]),
  );
const numbers = z.record(z.string(), z.number());
const seconds = (iso: unknown): number => Date.parse(String(iso)) / 1000;

test('the same seed holds the same, who uses no fetched provider has no holding, and the pushes of the others stay as they are', () => {
  expect(generatePeople(OPTIONS)).toEqual(population);
  const { providers: _, ...usual } = OPTIONS;
  const pushed = generatePeople(usual);
  expect(pushed.holdings).toEqual([]);
  expect(population.holdings.map(({ provider, person }) => `${provider} ${person}`)).toEqual([
    'oura 0',
    'withings 0',
    'withings 1',
  ]);
  const ofAnna = (one: (typeof pushed.deliveries)[number]): boolean => one.lane === 'apple/0';
  expect(population.deliveries.filter(ofAnna)).toEqual(pushed.deliveries.filter(ofAnna));
  expect(() => generatePeople({ ...OPTIONS, providers: ['oura'] })).toThrow(RangeError);
});

const FIXTURES = new URL('../../fixtures/', import.meta.url);
const items = z.union([
  z.array(z.record(z.string(), z.unknown())),
  z.record(z.string(), z.record(z.string(), z.unknown())).transform(Object.values<Item>),
]);
/** The rows of a saved answer, at a place in it. */
const sample = (file: string, ...place: string[]): readonly Item[] => {
  const whole: unknown = JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8'));
  const at = place.reduce<unknown>((value, name) => z.record(z.string(), z.unknown()).parse(value)[name], whole);
  return items.parse(at);
};
/** The kind of a value: a number with a fraction and one without are of one kind. */
const kind = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** Fields that are in no sample, or are there as another kind of value. */
function strange(rows: readonly Item[], samples: readonly Item[]): string[] {
  const known = new Map<string, Set<string>>();
  for (const one of samples) {
    for (const [field, value] of Object.entries(one))
      known.set(field, (known.get(field) ?? new Set<string>()).add(kind(value)));
  }
  const wrong = rows.flatMap((row) =>
    Object.entries(row).flatMap(([field, value]) => {
      const kinds = known.get(field);
      const fits = kinds !== undefined && (value === null || kinds.has('null') || kinds.has(kind(value)));
      return fits ? [] : [`${field}: ${kind(value)}`];
    }),
  );
  return [...new Set(wrong)];
}

const OURA = [
  'daily_activity',
  'daily_cardiovascular_age',
  'daily_readiness',
  'daily_resilience',
  'daily_sleep',
  'daily_spo2',
  'daily_stress',
  'heartrate',
  'session',
  'sleep',
  'vo2_max',
  'workout',
];

test.each(OURA)("the ring's %s has the fields of the saved answer, of the same kinds", (type) => {
  const rows = held('oura', 0, type).map(({ record }) => record);
  const samples = sample(`oura/${type}.json`, 'data');
  expect(rows.length).toBeGreaterThan(0);
  // Two fields of a sleep are documented and in no saved answer.
  const documented = { sleep_phase_30_sec: '', sleep_analysis_reason: '' };
  expect(strange(rows, type === 'sleep' ? [...samples, documented] : samples)).toEqual([]);
  // And none of the sample's is left out.
  const fields = new Set(rows.flatMap((row) => Object.keys(row)));
  expect(samples.flatMap((one) => Object.keys(one)).filter((field) => !fields.has(field))).toEqual([]);
});

test.each([
  ['getmeas', 'aiowithings-measurement_list-trimmed.json', ['body', 'measuregrps']],
  ['getactivity', 'aiowithings-activity.json', ['body', 'activities']],
  ['getworkouts', 'aiowithings-workouts.json', ['body', 'series']],
  ['sleep-getsummary', 'aiowithings-sleep_summary-trimmed.json', ['body', 'series']],
] as const)("the scale maker's %s has the fields of the saved answer, of the same kinds", (type, file, place) => {
  const rows = held('withings', 1, type).map(({ record }) => record);
  const samples = sample(`withings/${file}`, ...place);
  // A device the sample has none of is a text; the model of a workout is a number.
  const allowed = [...samples, { deviceid: '', hash_deviceid: '', modelid: 0, model: '' }];
  expect(rows.length).toBeGreaterThan(0);
  expect(strange(rows, allowed)).toEqual([]);
});

test('a later version of a thing is known later, says something else, and says when it was changed', () => {
  const versions = population.holdings
    .flatMap((holding) => [...versionsOf(holding).values()])
    .filter((all) => all.length > 1);
  expect(new Set(versions.map(([first]) => first?.type))).toEqual(
    new Set(['sleep', 'daily_sleep', 'daily_activity', 'getmeas', 'getactivity', 'sleep-getsummary']),
  );
  for (const all of versions) {
    for (const [at, one] of all.entries()) {
      const before = all[at - 1];
      if (before === undefined) continue;
      expect(one.knownAtS).toBeGreaterThan(before.knownAtS);
      expect(one.record).not.toEqual(before.record);
      if ('modified' in one.record) expect(one.record['modified']).toBe(one.knownAtS);
    }
  }
});

test('a day on the finger only grows, and adds up to a day', () => {
  const days = [
    ...versionsOf({
      provider: '',
      externalId: '',
      person: 0,
      zone: '',
      records: held('oura', 0, 'daily_activity'),
    }).values(),
  ];
  expect(days).toHaveLength(2);
  const parts = [
    'high_activity_time',
    'medium_activity_time',
    'low_activity_time',
    'sedentary_time',
    'resting_time',
    'non_wear_time',
  ];
  for (const versions of days) {
    const steps = versions.map(({ record }) => Number(record['steps']));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    const whole = versions.at(-1)?.record ?? {};
    // From four to four on a day without a change of clocks: 24 hours.
    expect(parts.reduce((sum, part) => sum + Number(whole[part]), 0)).toBe(86_400);
    expect(truth('steps', 0).get(String(whole['day']))).toBe(whole['steps']);
  }
});

test("a night on the ring adds up, its series have the length and the mean they say, and its offset is the zone's", () => {
  for (const { record, fromS, toS } of held('oura', 0, 'sleep')) {
    const sum = ['deep_sleep_duration', 'light_sleep_duration', 'rem_sleep_duration', 'awake_time'].reduce(
      (all, part) => all + Number(record[part]),
      0,
    );
    expect(sum).toBe(record['time_in_bed']);
    expect([seconds(record['bedtime_start']), seconds(record['bedtime_end'])]).toEqual([fromS, toS]);
    expect(toS - fromS).toBe(record['time_in_bed']);
    expect(String(record['sleep_phase_30_sec'])).toHaveLength((toS - fromS) / 30);
    const { items: beats } = z.object({ items: z.array(z.number()) }).parse(record['heart_rate']);
    expect(beats).toHaveLength(Math.ceil((toS - fromS) / 300));
    expect(beats.reduce((all, one) => all + one, 0) / beats.length).toBeCloseTo(
      Number(record['average_heart_rate']),
      9,
    );
    expect(Math.min(...beats)).toBe(record['lowest_heart_rate']);
  }
  // Paris leaves summer time at 03:00 on 2026-10-25: in bed at +02:00, up at +01:00.
  const changed = last('oura', 0, 'sleep').find(
    ({ day, record }) => day === '2026-10-25' && record['type'] === 'long_sleep',
  );
  expect(String(changed?.record['bedtime_start']).slice(-6)).toBe('+02:00');
  expect(String(changed?.record['bedtime_end']).slice(-6)).toBe('+01:00');
});

test('the ring mistakes two days for nights, longer than any; one is gone later and one says it is deleted', () => {
  const [gone, ...others] = held('oura', 0, 'sleep').filter(({ deletedAtS }) => deletedAtS !== undefined);
  expect(others).toEqual([]);
  expect(gone?.deletedAtS).toBeGreaterThan(gone?.knownAtS ?? Infinity);
  const longest = Math.max(...last('oura', 0, 'daily_sleep').map(({ day }) => truth('sleep_total_s', 0).get(day) ?? 0));
  expect(Number(gone?.record['total_sleep_duration'])).toBeGreaterThan(longest);
  expect(last('oura', 0, 'sleep').filter(({ record }) => record['type'] === 'deleted')).toHaveLength(1);
});

test('the quarters of an hour of a day add up to its row, and leave no stretch of it out', () => {
  const rows = last('withings', 1, 'getactivity');
  expect(rows.length).toBeGreaterThan(12);
  for (const { day, fromS, toS, record } of rows) {
    const quarters = held('withings', 1, 'getintradayactivity').filter((one) => one.day === day);
    const sum = (field: string): number => quarters.reduce((all, one) => all + Number(one.record[field]), 0);
    for (const field of ['steps', 'elevation', 'calories']) expect([field, sum(field)]).toEqual([field, record[field]]);
    expect(sum('distance')).toBeCloseTo(Number(record['distance']), 6);
    expect(sum('duration')).toBe(toS - fromS);
    expect(truth('steps', 1).get(day)).toBe(record['steps']);
    // Friday or Saturday: the dress watch.
    expect([5, 6]).toContain(new Date(`${day}T12:00:00Z`).getUTCDay());
  }
});

test('a night on the mat: stages without a gap that add up to the summary, which waking and getting up are part of', () => {
  const nights = last('withings', 1, 'sleep-getsummary');
  expect(nights).toHaveLength(OPTIONS.days);
  // A first guess moves time between the stages and adds none.
  for (const { record } of held('withings', 1, 'sleep-getsummary')) {
    const data = z.record(z.string(), z.unknown()).parse(record['data']);
    const stages = ['lightsleepduration', 'deepsleepduration', 'remsleepduration'].map((field) => Number(data[field]));
    expect(stages.reduce((sum, stage) => sum + stage, 0)).toBe(data['total_sleep_time']);
  }
  for (const { day, fromS, toS, record } of nights) {
    const data = z.record(z.string(), z.unknown()).parse(record['data']);
    const stages = held('withings', 1, 'sleep-get')
      .filter((one) => one.day === day)
      .toSorted((a, b) => a.fromS - b.fromS);
    const inState = (state: number): number =>
      stages.filter((one) => one.record['state'] === state).reduce((all, one) => all + one.toS - one.fromS, 0);
    for (const [at, one] of stages.entries()) expect(one.fromS).toBe(stages[at - 1]?.toS ?? fromS);
    expect(stages.at(-1)?.toS).toBe(toS);
    expect([inState(0), inState(1), inState(2), inState(3)]).toEqual(
      ['wakeupduration', 'lightsleepduration', 'deepsleepduration', 'remsleepduration'].map((field) => data[field]),
    );
    expect(Number(data['waso']) + Number(data['wakeup_latency']) + Number(data['sleep_latency'])).toBe(
      data['wakeupduration'],
    );
    for (const one of stages) expect(Object.keys(numbers.parse(one.record['hr']))).toHaveLength(1);
  }
});

const measure = z.object({ type: z.number(), value: z.number(), unit: z.number() });
const group = z.object({
  attrib: z.number(),
  category: z.number(),
  date: z.number(),
  grpid: z.number(),
  measures: z.array(measure),
});

test('a weighing comes in groups of one instant; a guest, a goal and a number typed in are told by their marks', () => {
  const groups = last('withings', 1, 'getmeas').map(({ record }) => group.parse(record));
  const together = groups.filter((one) => one.measures.some(({ type }) => type === 91));
  expect(together.length).toBeGreaterThan(5);
  for (const { date } of together) {
    const types = groups.filter((one) => one.date === date).map((one) => one.measures.map(({ type }) => type));
    expect(types).toEqual([[1, 8, 76, 77, 88, 6, 5], [11], [91, 155]]);
  }
  const weights = groups.filter((one) => one.category === 1 && one.attrib === 0 && one.measures[0]?.type === 1);
  expect(weights).toHaveLength(truth('weight_kg', 1).size + again(weights));
  expect(groups.filter((one) => one.attrib === 1)).toHaveLength(2);
  expect(groups.filter((one) => one.category === 2)).toHaveLength(1);
  const typed = last('withings', 0, 'getmeas')
    .map(({ record }) => group.parse(record))
    .filter((one) => one.attrib === 2);
  expect(typed.length).toBeGreaterThan(0);
  // 10^-4 and tens of thousands of grams: between 50 and 100 kg.
  for (const { measures } of typed)
    expect((measures[0]?.value ?? 0) * 10 ** (measures[0]?.unit ?? 0)).toBeGreaterThan(50);
});

/** Weighings of a day after its first. */
const again = (weights: readonly { readonly date: number }[]): number =>
  weights.length - new Set(weights.map(({ date }) => Math.floor((date + 3600) / 86_400))).size;

test('every day has what its sources tell: each night scores, and a cold shows in temperature and pulse', () => {
  const nights = truth('sleep_total_s', 0);
  for (const type of ['daily_sleep', 'daily_readiness', 'daily_spo2', 'daily_resilience', 'daily_stress']) {
    expect(last('oura', 0, type).map(({ day }) => day)).toEqual([...nights.keys()]);
  }
  // A cold of four days begins at 78 % of the range: the 46th day after the first.
  const cold = Array.from({ length: 4 }, (_, at) => addDays('2026-09-17', 46 + at));
  const mean = (metric: string, days: readonly string[]): number =>
    days.reduce((sum, day) => sum + (truth(metric, 0).get(day) ?? 0), 0) / days.length;
  const well = [...nights.keys()].filter((day) => !cold.includes(day));
  expect(mean('skin_temperature_dev_c', cold)).toBeGreaterThan(mean('skin_temperature_dev_c', well) + 0.5);
  expect(mean('sleep_hr_avg_bpm', cold)).toBeGreaterThan(mean('sleep_hr_avg_bpm', well) + 5);
  expect(mean('hrv_rmssd_ms', cold)).toBeLessThan(mean('hrv_rmssd_ms', well) - 8);
  expect(Math.max(...truth('body_temperature_c', 1).values())).toBeGreaterThan(37.5);
});
