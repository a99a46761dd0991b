import { expect, test } from 'vitest';
import { cooled, graceEndOf } from '../../../app/refresh/patience.ts';
import { createSeededIds } from '../../../ports/ids/seeded.ts';
import { oura } from '../../../providers/oura.ts';
import { withings } from '../../../providers/withings.ts';

const MINUTE_MS = 60_000;
const NOW = Date.UTC(2026, 10, 20);
const ids = createSeededIds('patience');

/** Minutes until the next try after many failures, so many minutes before the end of a grace. */
function waitBefore(endMinutes: number, retryAfter?: string): number {
  const record = { token: 't', presented: null, unknownSinceMs: NOW, failures: 20, untilMs: 0, forcedAtMs: null };
  const graceEndMs = NOW + endMinutes * MINUTE_MS;
  return (cooled(record, { nowMs: NOW, ids, retryAfter, graceEndMs }).untilMs - NOW) / MINUTE_MS;
}

test('waiting grows to an hour, and does not go past the last chances of a grace', () => {
  // An hour and up to a quarter more.
  expect(waitBefore(Infinity)).toBeGreaterThanOrEqual(60);
  expect(waitBefore(Infinity)).toBeLessThanOrEqual(75);
  // 20 minutes before the end, then one minute before it.
  expect(waitBefore(50)).toBe(30);
  expect(waitBefore(20)).toBe(19);
  // Less than half a minute before the last one: it has been.
  expect(waitBefore(1.25)).toBeGreaterThanOrEqual(60);
});

test('what the provider asks for is waited for, whatever it costs', () => {
  expect(waitBefore(50, '2400')).toBe(40);
});

test('a grace begins with the answer that was lost, where the provider has one', () => {
  expect(graceEndOf(withings.oauth, null)).toBe(Infinity);
  // Withings: "the previous refresh token remains valid for 8 hours".
  expect(graceEndOf(withings.oauth, NOW)).toBe(NOW + 8 * 60 * MINUTE_MS);
  expect(graceEndOf(oura.oauth, NOW)).toBe(Infinity);
});
