import { expect, test } from 'vitest';
import { addDays, clockChanges, localDays, localTime, wallTime } from '../../../local/sandbox/calendar.ts';

const PARIS = 'Europe/Paris';
const epoch = (iso: string): number => Date.parse(iso) / 1000;

test('the day the clocks go back in Paris has 25 hours and two offsets', () => {
  const [, day] = localDays('2026-10-24', [PARIS, PARIS, PARIS]);
  // 2026-10-25: from 00:00 +02:00 = 22:00Z the day before, to 24:00 +01:00 = 23:00Z; the change is at 01:00Z.
  expect(day?.startS).toBe(epoch('2026-10-24T22:00:00Z'));
  expect((day?.endS ?? 0) - (day?.startS ?? 0)).toBe(25 * 3600);
  expect(day?.offsetAt(epoch('2026-10-25T00:59:59Z'))).toBe(7200);
  expect(day?.offsetAt(epoch('2026-10-25T01:00:00Z'))).toBe(3600);
});

test('the day the clocks go forward in Paris has 23 hours', () => {
  const [day] = localDays('2026-03-29', [PARIS]);
  expect((day?.endS ?? 0) - (day?.startS ?? 0)).toBe(23 * 3600);
});

test('after a flight to the east the day is shorter, after one to the west nothing is lived twice', () => {
  const zones = [PARIS, 'Asia/Tokyo', 'Asia/Tokyo', PARIS, PARIS];
  const days = localDays('2026-09-01', zones);
  // Paris ends 2026-09-01 at 22:00Z = 07:00 in Tokyo (+09:00) on the 2nd, which ends at 15:00Z.
  expect((days[1]?.endS ?? 0) - (days[1]?.startS ?? 0)).toBe(17 * 3600);
  expect(days.map(({ nightAtPlace }) => nightAtPlace)).toEqual([true, false, true, false, true]);
  for (const [at, day] of days.entries()) expect(day.startS).toBeGreaterThanOrEqual(days[at - 1]?.endS ?? 0);
});

test('a night before a change of offset has the offset of its evening', () => {
  const [, day] = localDays('2026-10-25', [PARIS, PARIS]);
  // 23:30 on the 25th, after the change at 03:00: winter time.
  expect(day?.offsetAt(epoch('2026-10-25T22:30:00Z'))).toBe(3600);
});

test('a range is told to hold a clock change only when it does', () => {
  expect(clockChanges(PARIS, '2026-10-20', '2026-10-24')).toBe(false);
  expect(clockChanges(PARIS, '2026-10-20', '2026-10-25')).toBe(true);
  expect(clockChanges('Asia/Tokyo', '2026-01-01', '2026-12-31')).toBe(false);
});

test('dates are counted over months and leap days, hours read in the zone', () => {
  expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(localTime(Date.parse('2026-11-20T23:30:00Z'), PARIS)).toEqual({ date: '2026-11-21', hour: 0 });
  expect(wallTime(epoch('2026-11-20T23:30:00Z'), -18_000)).toBe('2026-11-20 18:30:00');
});
