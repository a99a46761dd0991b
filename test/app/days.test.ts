import { expect, test } from 'vitest';
import { addDays, daysBetween, daysOf, isDay, localMoment } from '../../app/days.ts';

test.each(['2026-02-30', '2025-02-29', '2026-13-01', '2026-1-1', '20260101', '2026-01-01T00:00', '', 'today'])(
  '%o is not a day',
  (text) => {
    expect(isDay(text)).toBe(false);
  },
);

test('a leap day is a day', () => {
  expect(isDay('2028-02-29')).toBe(true);
});

test('days are counted across months and clock changes', () => {
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysOf('2026-10-24', '2026-10-26')).toEqual(['2026-10-24', '2026-10-25', '2026-10-26']);
  expect(daysOf('2026-10-26', '2026-10-24')).toEqual([]);
});

test('an instant is another date and hour in another zone', () => {
  // 2026-03-04T22:30Z is 23:30 in Paris (UTC+1) and 07:30 the next day in Tokyo (UTC+9).
  const ms = Date.UTC(2026, 2, 4, 22, 30);
  expect(localMoment(ms, 'Europe/Paris')).toEqual({ day: '2026-03-04', hour: 23 });
  expect(localMoment(ms, 'Asia/Tokyo')).toEqual({ day: '2026-03-05', hour: 7 });
});
