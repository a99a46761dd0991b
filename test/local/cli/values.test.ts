import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { day, instant, priority, whole } from '../../../local/cli/values.ts';

test.each(['2026-02-30', '2025-02-29', '2026-13-01', '2026-3-1', 'yesterday', ''])('%s is no day', (text) => {
  expect(() => day(text)).toThrow(InvalidArgumentError);
});

test('the leap day of a leap year is a day', () => {
  expect(day('2024-02-29')).toBe('2024-02-29');
});

test('an instant needs its offset, a bare day begins at midnight UTC', () => {
  // 2026-03-01T08:00+01:00 is 07:00 UTC; 1772323200 is 2026-03-01T00:00Z (20513 days of 86400 s after 1970).
  expect(instant('2026-03-01')).toBe(20_513 * 86_400_000);
  expect(instant('2026-03-01T08:00:00+01:00')).toBe(20_513 * 86_400_000 + 7 * 3_600_000);
  expect(() => instant('2026-03-01T08:00:00')).toThrow(InvalidArgumentError);
});

test('orders of sources are collected per metric, and an empty one clears it', () => {
  expect(priority('sleep=', priority('steps=garmin,apple'))).toEqual({ steps: ['garmin', 'apple'], sleep: [] });
  expect(() => priority('steps garmin')).toThrow(InvalidArgumentError);
});

test('a whole number has a least value', () => {
  expect(whole(0)('0')).toBe(0);
  expect(() => whole(1)('0')).toThrow(InvalidArgumentError);
  expect(() => whole(1)('1.5')).toThrow(InvalidArgumentError);
});
