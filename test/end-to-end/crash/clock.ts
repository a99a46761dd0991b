import type { Clock } from '../../../ports/clock/clock.ts';
import { createSystemClock } from '../../../ports/clock/system.ts';

/** Noon after the last day of the people who send: what they send is plausible, and midnight far away, whenever the test runs. */
const NOON = Date.parse('2026-11-21T12:00:00Z');

/** What is added to the machine's time so that it is noon now, in milliseconds; a child process is given the same number. */
export function untilNoon(): number {
  return NOON - createSystemClock().now();
}

/** The machine's clock, set forward or back. */
export function createShiftedClock(shiftMs: number): Clock {
  const system = createSystemClock();
  return { now: () => system.now() + shiftMs, sleep: (ms, signal) => system.sleep(ms, signal) };
}
