import { expect, test } from 'vitest';
import { apple, at, connectionFact, garmin, tables, userFact, type Tables } from './deliveries.ts';

const RECEIVED = '2026-11-14T08:00:00Z';
const DAYS = ['2026-11-10', '2026-11-11', '2026-11-12', '2026-11-13'];
const watch = garmin(
  'dailies',
  DAYS.map((calendarDate) => ({
    calendarDate,
    startTimeInSeconds: at(`${calendarDate}T00:00:00Z`) - 3600,
    startTimeOffsetInSeconds: 3600,
    durationInSeconds: 86400,
    steps: 3100,
  })),
  RECEIVED,
);
const phone = apple(
  'step_count',
  'count',
  DAYS.map((day) => ({ date: `${day} 00:00:00 +0100`, qty: 5000, source: 'iPhone' })),
  RECEIVED,
  'Days',
);
const connected = [connectionFact('u_a', 'garmin', 'g'), connectionFact('u_a', 'apple', 'p')];
/** What the person said when; the first time nothing. */
const said = (...orders: readonly (readonly [string, Readonly<Record<string, readonly string[]>>])[]) => [
  userFact('u_a'),
  ...orders.map(([when, priority]) => userFact('u_a', { at: Date.parse(when), priority })),
];
const night = (day: string) => ({
  calendarDate: day,
  startTimeInSeconds: at(`${day}T00:00:00Z`),
  startTimeOffsetInSeconds: 3600,
  durationInSeconds: 18000,
});
const summary = (day: string) => ({
  date: day,
  sleepStart: `${day} 01:00:00 +0100`,
  sleepEnd: `${day} 06:00:00 +0100`,
  totalSleep: 4,
  source: 'iPhone',
});
const winners = async (of: Tables) => {
  const rows = await of.query(`select winner_source from daily_metrics where metric = 'steps' order by local_date`);
  return rows.map((row) => row['winner_source']);
};

test('a changed order holds from the local day it was said on', async () => {
  const of = await tables([
    ...said(
      ['2026-11-01T12:00:00Z', { steps: ['garmin', 'apple'] }],
      ['2026-11-10T23:30:00Z', { steps: ['apple', 'garmin'] }], // half past midnight on the 11th in Paris
      ['2026-11-13T12:00:00Z', {}], // no order any more: the watch first
    ),
    ...connected,
    watch,
    phone,
  ]);
  expect(await winners(of)).toEqual(['garmin', 'apple', 'apple', 'garmin']);
});

test('the first order holds backwards, and a snapshot that repeats it changes nothing', async () => {
  const steps = ['apple', 'garmin'];
  const of = await tables([
    ...said(['2026-11-12T12:00:00Z', { steps }], ['2026-11-13T12:00:00Z', { steps, weight_kg: ['garmin'] }]),
    ...connected,
    watch,
    phone,
  ]);
  expect(await winners(of)).toEqual(['apple', 'apple', 'apple', 'apple']);
});

test('of several orders said on one day the last one holds', async () => {
  const of = await tables([
    ...said(
      ['2026-11-01T12:00:00Z', { steps: ['garmin'] }],
      ['2026-11-12T10:00:00Z', { steps: ['apple'] }],
      ['2026-11-12T11:00:00Z', { steps: ['garmin'] }],
    ),
    ...connected,
    watch,
    phone,
  ]);
  expect(await winners(of)).toEqual(['garmin', 'garmin', 'garmin', 'garmin']);
});

test('the main sleep follows the order of its own day', async () => {
  const of = await tables([
    ...said(
      ['2026-11-01T12:00:00Z', { sleep_total_s: ['garmin'] }],
      ['2026-11-11T12:00:00Z', { sleep_total_s: ['apple'] }],
    ),
    ...connected,
    garmin('sleeps', ['2026-11-10', '2026-11-11'].map(night), RECEIVED),
    apple('sleep_analysis', 'hr', ['2026-11-10', '2026-11-11'].map(summary), RECEIVED, 'Days'),
  ]);
  expect(
    await of.query(
      'select cast(local_date as varchar) as day, provider from sleep_sessions where is_main order by day',
    ),
  ).toEqual([
    { day: '2026-11-10', provider: 'garmin' },
    { day: '2026-11-11', provider: 'apple' },
  ]);
});
