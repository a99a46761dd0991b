import { expect, test } from 'vitest';
import { createCounters } from '../../app/counters.ts';

test('each provider and reason is counted by itself', () => {
  const counters = createCounters();
  counters.count('garmin', 'stored');
  counters.count('garmin', 'stored');
  counters.count('garmin', 'too_large');
  counters.count('apple', 'stored');
  expect(counters.read()).toEqual({ garmin: { stored: 2, too_large: 1 }, apple: { stored: 1 } });
});

test('what was read does not change when counting goes on', () => {
  const counters = createCounters();
  counters.count('garmin', 'stored');
  const read = counters.read();
  counters.count('garmin', 'stored');
  expect(read).toEqual({ garmin: { stored: 1 } });
});

test('what is taken is taken once, and can be counted again', () => {
  const counters = createCounters();
  counters.count('garmin', 'stored');
  counters.count('garmin', 'stored', 2);
  expect(counters.take()).toEqual({ garmin: { stored: 3 } });
  expect([counters.read(), counters.take()]).toEqual([{}, {}]);
  counters.count('garmin', 'stored', 3);
  expect(counters.read()).toEqual({ garmin: { stored: 3 } });
});
