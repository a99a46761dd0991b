import { expect, test } from 'vitest';
import * as z from 'zod';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { addDays } from '../../app/days.ts';
import { accountOf } from '../../providers/kit/account.ts';
import { providers } from '../../providers/index.ts';
import type { Provider } from '../../providers/kit/provider.ts';
import { openLake } from '../support/lake.ts';
import { MODELS, type Payload } from '../support/transform.ts';
import { fetchedFact } from '../support/facts.ts';
import { connectionFact, garmin, tables, userFact } from './deliveries.ts';

const USER = userFact('u_a', { zone: 'Europe/Paris' });
const LINKED = connectionFact('u_a', 'garmin', 'g');
const ms = (iso: string): number => Date.parse(iso);

/** Steps of one day, pushed at ten the next morning in UTC. */
const steps = (day: string, externalId = 'g', value = 5000): Payload =>
  garmin('dailies', [{ calendarDate: day, steps: value }], `${addDays(day, 1)}T10:00:00Z`, externalId);

async function freshness(payloads: readonly Payload[], columns = '*') {
  const of = await tables(payloads);
  return of.query(
    `select ${columns} from (select * replace (cast(first_day as varchar) as first_day, cast(last_day as varchar) as last_day) from freshness)
     order by provider, metric`,
  );
}

const RHYTHM = 'metric, cadence_days, first_day, last_day, expected_by, cause';

test('what came every day is due two days after the last, at the end of that day where the person is', async () => {
  const days = ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08'];
  // Three gaps of 1: cadence 1, one day of patience, half of 1 rounded down: 8 + 1 + 1 = the 10th, which ends at 23:00Z in Paris.
  expect(await freshness([USER, LINKED, ...days.map((day) => steps(day))], RHYTHM)).toEqual([
    {
      metric: 'steps',
      cadence_days: 1,
      first_day: '2026-01-05',
      last_day: '2026-01-08',
      expected_by: '2026-01-10T23:00:00.000Z',
      cause: null,
    },
  ]);
});

test('twice a week: the gaps of three and four days have the median of 3.5, which is 3', async () => {
  const days = ['2026-01-05', '2026-01-08', '2026-01-12', '2026-01-15', '2026-01-19'];
  // 19 + 3 + 1 + 1 (half of 3, rounded down) = the 24th.
  expect(await freshness([USER, LINKED, ...days.map((day) => steps(day))], 'cadence_days, expected_by')).toEqual([
    { cadence_days: 3, expected_by: '2026-01-24T23:00:00.000Z' },
  ]);
});

test('a single value, and three of them, have no rhythm yet', async () => {
  expect(await freshness([USER, LINKED, steps('2026-01-05')], 'cadence_days, expected_by, state')).toEqual([
    { cadence_days: null, expected_by: null, state: 'active' },
  ]);
  const three = ['2026-01-05', '2026-01-06', '2026-01-07'].map((day) => steps(day));
  expect(await freshness([USER, LINKED, ...three], 'cadence_days')).toEqual([{ cadence_days: null }]);
});

test('a gap of a holiday changes no rhythm', async () => {
  const days = ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-28', '2026-01-29'];
  // Gaps 1, 1, 21, 1.
  expect(await freshness([USER, LINKED, ...days.map((day) => steps(day))], 'cadence_days')).toEqual([
    { cadence_days: 1 },
  ]);
});

test('a habit of sixty days ago is forgotten', async () => {
  const weekly = Array.from({ length: 80 }, (_, n) => addDays('2023-01-01', n * 7));
  const daily = Array.from({ length: 60 }, (_, n) => addDays('2025-01-01', n));
  const all = [...weekly, ...daily].map((day) => steps(day));
  // Sixty days in a row hold 59 gaps of 1; of all gaps the median would be 7.
  expect(await freshness([USER, LINKED, ...all], 'cadence_days')).toEqual([{ cadence_days: 1 }]);
});

test('the due day ends with the clock of the zone the person is in then, also across the date line', async () => {
  const days = ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08'].map((day) => steps(day));
  const facts = [userFact('u_a', { at: ms('2026-01-01T00:00:00Z'), zone: 'Pacific/Kiritimati' }), LINKED, ...days];
  // Kiritimati is 14 hours ahead: its 10 January ends at 10:00Z on the 10th.
  expect(await freshness(facts, 'expected_by')).toEqual([{ expected_by: '2026-01-10T10:00:00.000Z' }]);
  const moved = userFact('u_a', {
    at: ms('2026-01-09T12:00:00Z'),
    zone: 'Pacific/Honolulu',
    zoneSince: ms('2026-01-09T12:00:00Z'),
  });
  // Honolulu is ten hours behind: its 10 January ends at 10:00Z on the 11th.
  expect(await freshness([...facts, moved], 'expected_by')).toEqual([{ expected_by: '2026-01-11T10:00:00.000Z' }]);
});

const DAYS = ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08'].map((day) => steps(day));
const CAUSE = 'metric, state, cause, cause_detail, remedy';
const changed = (state: string, more: object = {}) =>
  connectionFact('u_a', 'garmin', 'g', { at: ms('2026-01-10T08:00:00Z'), state, ...more });

test.each([
  ['needs_reconnect', 'invalid_grant', 'needs_reconnect', 'reconnect'],
  ['needs_reconnect', 'refresh_answer_lost', 'needs_reconnect', 'reconnect'],
  ['revoked', 'ended_at_provider', 'revoked', 'reconnect'],
  ['deregistered', 'ended_at_provider', 'deregistered', 'reconnect'],
] as const)('a connection that is %s because of %s says so', async (state, said, cause, remedy) => {
  expect(await freshness([USER, LINKED, ...DAYS, changed(state, { cause: said })], CAUSE)).toEqual([
    { metric: 'steps', state, cause, cause_detail: said, remedy },
  ]);
});

test('what was disconnected is not connected; connecting again ends every cause', async () => {
  const gone = [USER, LINKED, ...DAYS, changed('disconnected')];
  const row = { metric: 'steps', cause_detail: null };
  expect(await freshness(gone, CAUSE)).toEqual([
    { ...row, state: 'disconnected', cause: 'not_connected', remedy: 'connect' },
  ]);
  const back = connectionFact('u_a', 'garmin', 'g', { at: ms('2026-01-11T08:00:00Z') });
  expect(await freshness([...gone, back], CAUSE)).toEqual([{ ...row, state: 'active', cause: null, remedy: null }]);
});

test('of two accounts the one that gave the newest day speaks for a metric, unless only the other is connected', async () => {
  const other = connectionFact('u_a', 'garmin', 'h');
  const lost = changed('needs_reconnect', { cause: 'invalid_grant' });
  const later = steps('2026-01-09', 'h');
  expect(await freshness([USER, LINKED, other, ...DAYS, lost], 'cause')).toEqual([{ cause: 'needs_reconnect' }]);
  expect(await freshness([USER, LINKED, other, ...DAYS, lost, later], 'cause, last_day')).toEqual([
    { cause: null, last_day: '2026-01-09' },
  ]);
  expect(await freshness([USER, LINKED, other, ...DAYS, changed('disconnected')], 'cause')).toEqual([{ cause: null }]);
});

test('a scope that is gone closes the metrics it opened, and no other', async () => {
  const granted = { kind: 'oauth', scopes: ['HEALTH_EXPORT', 'ACTIVITY_EXPORT'] };
  const whole = [USER, connectionFact('u_a', 'garmin', 'g', granted), ...DAYS];
  expect(await freshness(whole, 'cause')).toEqual([{ cause: null }]);
  const less = (scopes: readonly string[]) => [...whole, changed('active', { kind: 'oauth', scopes })];
  expect(await freshness(less(['ACTIVITY_EXPORT']), CAUSE)).toEqual([
    { metric: 'steps', state: 'active', cause: 'scope_missing', cause_detail: null, remedy: 'grant_scope' },
  ]);
  expect(await freshness(less(['HEALTH_EXPORT']), 'cause')).toEqual([{ cause: null }]);
});

test('the seed of scopes says what the providers’ own files say', () => {
  const rows = z
    .array(z.object({ type: z.string(), scope: z.string() }))
    .parse(parse(readFileSync(`${MODELS}/type_scopes.csv`, 'utf8'), { columns: true }));
  const all = Object.values<Provider>(providers);
  // A provider that sends everything itself has streams for asking again, and what it sends hangs on other scopes.
  const fetched = all.filter(({ collect }) => collect?.backfillBounds === undefined);
  const asked = fetched.flatMap(({ id, collect }) =>
    (collect?.streams ?? []).flatMap(({ type, scope }) => (scope === undefined ? [] : [`${id}.${type} ${scope}`])),
  );
  const seed = rows.map(({ type, scope }) => `${type} ${scope}`);
  expect(seed).toEqual(expect.arrayContaining(asked));
  for (const { type, scope } of rows) {
    const provider = all.find(({ id }) => type.startsWith(`${id}.`));
    expect(Object.keys(provider?.oauth?.scopes ?? {}), type).toContain(scope);
  }
});

const nameless = (at: string) => garmin('dailies', [{ dayOfCalendar: '2026-01-09', steps: 1 }], at);

test('records that lost the field that names them are why their metrics stop, until a whole one comes', async () => {
  const broken = [USER, LINKED, ...DAYS, nameless('2026-01-10T10:00:00Z')];
  expect(await freshness(broken, `${CAUSE}, cause_at`)).toEqual([
    {
      metric: 'steps',
      state: 'active',
      cause: 'quarantined',
      cause_detail: 'missing_field',
      remedy: 'look_at_quarantine',
      cause_at: '2026-01-10T10:00:00.000Z',
    },
  ]);
  expect(await freshness([...broken, steps('2026-01-10')], 'cause')).toEqual([{ cause: null }]);
});

test('a type nobody reads is why metrics stop that no later day came of', async () => {
  const unknown = garmin('dailySummaries', [{ calendarDate: '2026-01-08' }], '2026-01-08T12:00:00Z');
  const all = [USER, LINKED, ...DAYS, unknown];
  expect(await freshness(all, CAUSE)).toEqual([
    {
      metric: 'steps',
      state: 'active',
      cause: 'quarantined',
      cause_detail: 'no_reader',
      remedy: 'look_at_quarantine',
    },
  ]);
  expect(await freshness([...all, steps('2026-01-09')], 'cause')).toEqual([{ cause: null }]);
});

const both = (day: string, bpm: number, walked: number) =>
  garmin(
    'dailies',
    [{ calendarDate: day, steps: walked, restingHeartRateInBeatsPerMinute: bpm }],
    `${addDays(day, 1)}T10:00:00Z`,
  );

test('a value out of range speaks of its own metric alone', async () => {
  const rows = await freshness(
    [USER, LINKED, both('2026-01-05', 50, 4000), both('2026-01-06', 900, 4000)],
    'metric, cause',
  );
  expect(rows).toEqual([
    { metric: 'resting_heart_rate_bpm', cause: 'quarantined' },
    { metric: 'steps', cause: null },
  ]);
});

const weighed = (day: string): Payload => ({
  provider: 'withings',
  externalId: 'w',
  type: 'getmeas',
  receiver: 'fetch',
  receivedAt: `${day}T08:00:00Z`,
  data: {
    status: 0,
    body: {
      measuregrps: [
        {
          grpid: ms(day),
          attrib: 0,
          date: ms(`${day}T06:00:00Z`) / 1000,
          category: 1,
          measures: [{ value: 80_500, type: 1, unit: -3 }],
        },
      ],
    },
  },
});

const GRANTED = connectionFact('u_a', 'withings', 'w', { kind: 'oauth', scopes: ['user.metrics'] });
const noticed = (receivedAt: string): Payload => ({
  provider: 'withings',
  externalId: 'w',
  type: 'notice',
  notice: true,
  receivedAt,
  data: { userid: 'w', appli: '1' },
});

test('a notice newer than all that was fetched is a fetch that is not finished', async () => {
  const told = [USER, GRANTED, weighed('2026-01-05'), noticed('2026-01-06T07:00:00Z')];
  const columns = 'metric, by_hand, cause, remedy, cause_at';
  expect(await freshness(told, columns)).toEqual([
    {
      metric: 'weight_kg',
      by_hand: 'scale',
      cause: 'unfinished_fetch',
      remedy: 'wait',
      cause_at: '2026-01-06T07:00:00.000Z',
    },
  ]);
  expect(await freshness([...told, weighed('2026-01-06')], 'cause')).toEqual([{ cause: null }]);
});

test('a fact that notices are done closes those received until then, batch by batch as all at once', async () => {
  const [first, second] = ['2026-01-06T07:00:00Z', '2026-01-06T07:00:01Z'];
  const lake = openLake({ models: MODELS });
  const cause = async () => {
    const rows = await lake.query('select cause from freshness');
    return rows.map((row) => row['cause']);
  };
  await lake.batch([USER, GRANTED, weighed('2026-01-05'), noticed(first), noticed(second)]);
  expect(await cause()).toEqual(['unfinished_fetch']);
  await lake.batch([fetchedFact('u_a', accountOf('withings', 'w'), ms(first))]);
  expect(await cause()).toEqual(['unfinished_fetch']);
  await lake.batch([fetchedFact('u_a', accountOf('withings', 'other'), ms(second))]);
  expect(await cause()).toEqual(['unfinished_fetch']);
  await lake.batch([fetchedFact('u_a', accountOf('withings', 'w'), ms(second))]);
  expect(await cause()).toEqual([null]);
  expect(await lake.compare()).toEqual([]);
  await lake.engine.close();
});

test('batch by batch or all at once, the table is the same', async () => {
  const broken = garmin('dailies', [{ dayOfCalendar: '2026-01-09', steps: 1 }], '2026-01-10T10:00:00Z');
  const [one, two] = [openLake({ models: MODELS }), openLake({ models: MODELS })];
  const parts = [[USER, LINKED, ...DAYS.slice(0, 2)], DAYS.slice(2), [broken], [changed('revoked')]];
  for (const part of parts) await one.batch(part);
  await two.batch(parts.flat());
  const rows = (await one.published())['freshness'];
  expect(rows).toHaveLength(1);
  expect((await two.published())['freshness']).toEqual(rows);
  expect(await one.compare()).toEqual([]);
  await Promise.all([one.engine.close(), two.engine.close()]);
});
