import { expect, test } from 'vitest';
import { currentManifest } from '../../../../ports/engine/duckdb/manifest.ts';
import { fineSince, isOutgrown, overlapping } from '../../../../ports/engine/duckdb/periods.ts';
import { steps } from '../../../contract/engine.ts';
import { connectionFact, userFact } from '../../../support/facts.ts';
import { openLake, type Lake } from '../../../support/lake.ts';
import { MODELS } from '../../../support/transform.ts';
import { garmin } from '../../../models/deliveries.ts';

const ANNA = [userFact('u_anna'), connectionFact('u_anna', 'toy', 'anna')];
const at = (iso: string) => ({ now: Date.parse(iso) });
const minutes = (day: string): number => (Date.parse(day) - Date.parse('2026-01-01')) / 60_000;
const walked = (day: string, value: number) => steps('anna', day, value, minutes(day));
const counted = (date: string) => garmin('dailies', [{ calendarDate: date, steps: 5000 }], `${date}T22:00:00Z`, 'g');

/** Files of daily_metrics: the period, and the batch that wrote it. */
function filesOf({ directory }: Lake): readonly string[] {
  const files = currentManifest(directory)?.tables['daily_metrics']?.files ?? [];
  return files.map(({ path, period, rows }) => `${String(period)} ${/-(b\d+)/.exec(path)?.[1]} ${rows}`).toSorted();
}

test('a month has files of ten days until ten days after its end', () => {
  expect(fineSince(Date.parse('2026-06-10T23:59:59Z'))).toBe('2026-05-01');
  expect(fineSince(Date.parse('2026-06-11T00:00:00Z'))).toBe('2026-06-01');
  const periods = [null, '2026-05', '2026-05-3', '2026-06-0', '2026-06'];
  expect(periods.filter((period) => isOutgrown({ period }, '2026-06-01'))).toEqual(['2026-05-3']);
});

test('periods overlap that have a day in common', () => {
  const isIn = overlapping(['2026-05', '2026-06-1', '2026-06-3']);
  const periods = ['2026-05', '2026-05-2', '2026-06', '2026-06-0', '2026-06-1', '2026-06-3', '2026-07', '2026-07-1'];
  expect(periods.filter(isIn)).toEqual(['2026-05', '2026-05-2', '2026-06', '2026-06-1', '2026-06-3']);
});

test('a batch by days writes anew the ten days its days lie in, and makes one file of a month that has been over for ten days', async () => {
  const lake = openLake({ models: MODELS, daysFrom: 0 });
  const known = [userFact('u_anna', { zone: 'Europe/Paris' }), connectionFact('u_anna', 'garmin', 'g')];
  const first = ['2026-05-08', '2026-05-09', '2026-05-12', '2026-05-30', '2026-06-01'];
  await lake.batch([...known, ...first.map(counted)], at('2026-06-02T00:00:00Z'));
  expect(filesOf(lake)).toEqual(['2026-05-0 b1 2', '2026-05-1 b1 1', '2026-05-3 b1 1', '2026-06-0 b1 1']);
  await lake.batch([counted('2026-05-13')], at('2026-06-10T00:00:00Z'));
  expect(filesOf(lake)).toEqual(['2026-05-0 b1 2', '2026-05-1 b2 2', '2026-05-3 b1 1', '2026-06-0 b1 1']);
  await lake.batch([counted('2026-06-10')], at('2026-06-11T00:00:00Z'));
  expect(filesOf(lake)).toEqual(['2026-05 b3 5', '2026-06-0 b3 1', '2026-06-1 b3 1']);
  await lake.batch([counted('2026-06-11')], at('2026-06-11T22:00:00Z'));
  expect(filesOf(lake)).toEqual(['2026-05 b3 5', '2026-06-0 b3 1', '2026-06-1 b4 2']);
  expect(await lake.compare()).toEqual([]);
});

test('a file of a month that is to be of ten days again is cut where it is written anew', async () => {
  const lake = openLake();
  const days = ['2026-06-02', '2026-06-12', '2026-06-22'];
  // A clock that was ahead.
  await lake.batch([...ANNA, ...days.map((day) => walked(day, 1))], at('2026-08-01T00:00:00Z'));
  expect(filesOf(lake)).toEqual(['2026-06 b1 3']);
  await lake.batch([walked('2026-06-13', 2)], at('2026-06-14T00:00:00Z'));
  expect(filesOf(lake)).toEqual(['2026-06-0 b2 1', '2026-06-1 b2 2', '2026-06-2 b2 1']);
  expect(await lake.compare()).toEqual([]);
});
