import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../app/retry.ts';
import { createSeededIds } from '../../ports/ids/seeded.ts';

/** Ids that answer these four bytes. */
const drawing = (...bytes: number[]) => ({ secret: () => Buffer.from(bytes).toString('base64url') });
const least = drawing(0, 0, 0, 0);
const most = drawing(255, 255, 255, 255);

describe('the wait before another attempt', () => {
  it('lies between nothing and a bound that doubles up to the cap', () => {
    // Just under 1, 2, 4, … 32, then 60 s: the largest draw is one part in 2^32 short of all.
    const bounds = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000];
    bounds.forEach((boundMs, attempt) => {
      expect(backoffMs(attempt, most)).toBe(boundMs - 1);
      expect(backoffMs(attempt, least)).toBe(0);
    });
    expect(backoffMs(3, drawing(128, 0, 0, 0))).toBe(8000 / 2);
  });

  it('stays within its bound for every attempt, base and cap', () => {
    const ids = createSeededIds('retry');
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 5000 }), fc.nat(100_000), fc.nat(100_000), (attempt, baseMs, capMs) => {
        const ms = backoffMs(attempt, ids, { baseMs, capMs });
        expect(Number.isInteger(ms) && ms >= 0 && ms <= capMs).toBe(true);
      }),
    );
  });

  it('spreads those who failed together over all of it', () => {
    const ids = createSeededIds('spread');
    const tenths = Array.from({ length: 2000 }, () => Math.floor(backoffMs(4, ids) / 1600));
    // 200 are expected in each tenth, with a deviation of about 13.
    for (let tenth = 0; tenth < 10; tenth += 1) {
      expect(Math.abs(tenths.filter((one) => one === tenth).length - 200)).toBeLessThan(80);
    }
  });
});
