import { expect, test } from 'vitest';
import { duration, longDay, say, shortDay, show } from '../../app/format.ts';
import { metricOf } from '../../app/metrics.ts';

test('counts are grouped and have no unit of their own', () => {
  expect(show(12345, metricOf('steps'), 'metric')).toEqual({ text: '12,345', unit: '' });
});

test('zero is shown as zero, and never with a minus', () => {
  expect(say(0, metricOf('steps'), 'metric')).toBe('0');
  expect(say(-0.01, metricOf('skin_temperature_dev_c'), 'metric')).toBe('0.0 °C');
});

test('durations are read in hours and minutes, rounded to the minute', () => {
  // 25,950 s = 432.5 min, rounded to 433 = 7 h 13 min.
  expect(duration(25_950)).toBe('7 h 13 min');
  expect(duration(7200)).toBe('2 h');
  expect(duration(45)).toBe('45 s');
  expect(duration(0)).toBe('0 min');
  // 3,599 s rounds to 60 min, which is an hour.
  expect(duration(3599)).toBe('1 h');
});

test('an imperial reader gets pounds, miles and Fahrenheit from canonical values', () => {
  // 80 / 0.45359237 = 176.3698; 5,000 / 1,609.344 = 3.10686; 37 * 1.8 + 32 = 98.6.
  expect(say(80, metricOf('weight_kg'), 'imperial')).toBe('176.4 lb');
  expect(say(5000, metricOf('distance_m'), 'imperial')).toBe('3.11 mi');
  expect(say(37, metricOf('body_temperature_c'), 'imperial')).toBe('98.6 °F');
});

test('a temperature deviation is scaled and not shifted', () => {
  // 0.5 * 1.8 = 0.9.
  expect(say(0.5, metricOf('skin_temperature_dev_c'), 'imperial')).toBe('0.9 °F');
});

test('a metric reader gets what is stored, distances in kilometres', () => {
  expect(say(80, metricOf('weight_kg'), 'metric')).toBe('80.0 kg');
  expect(say(5000, metricOf('distance_m'), 'metric')).toBe('5.00 km');
  expect(say(97, metricOf('spo2_pct'), 'metric')).toBe('97%');
});

test('days are named in words whatever the zone of the machine', () => {
  // 4 March 2026 is a Wednesday: 1 January 2026 was a Thursday and 62 days later is 62 mod 7 = 6 weekdays on.
  expect(longDay('2026-03-04')).toBe('Wednesday 4 March 2026');
  expect(shortDay('2026-03-04')).toBe('Wed 4 Mar');
});
