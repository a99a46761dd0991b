import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSystemClock } from '../../../ports/clock/system.ts';

afterEach(() => void vi.useRealTimers());

describe('the system clock', () => {
  test('tells the time of the machine in Unix ms', () => {
    const before = Date.now();
    const now = createSystemClock().now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  test('stands still while the machine is set back, in every clock of the process, and goes on afterwards', () => {
    const start = Date.now() + 1_000_000;
    vi.useFakeTimers({ now: start });
    const clock = createSystemClock();
    expect(clock.now()).toBe(start);
    vi.setSystemTime(start - 3_600_000);
    expect(clock.now()).toBe(start);
    expect(createSystemClock().now()).toBe(start);
    vi.setSystemTime(start + 1);
    expect(clock.now()).toBe(start + 1);
  });

  test('a sleep ends early, with an AbortError, when it is aborted', async () => {
    const controller = new AbortController();
    const sleep = createSystemClock().sleep(3_600_000, controller.signal);
    controller.abort();
    await expect(sleep).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a sleep longer than a timer can count does not end at once', async () => {
    const controller = new AbortController();
    let ended = false;
    const sleep = createSystemClock()
      .sleep(2 ** 31 + 5, controller.signal)
      .then(() => (ended = true));
    // Node turns a delay it cannot count into one of 1 ms.
    await createSystemClock().sleep(30);
    expect(ended).toBe(false);
    controller.abort();
    await expect(sleep).rejects.toMatchObject({ name: 'AbortError' });
  });
});
