import { expect, test } from 'vitest';
import { functionDollars, smallDollars, sparkDollars } from '../../../bench/engines/dollars.ts';

// List prices (docs/cost.md, infra/cost/prices.ts): 0.0000133334 a GB second of Lambda on arm64, 0.44 a unit and hour of Glue.

test('a function of one processor is paid for its processor seconds where two had done them in less', () => {
  // 20 s × 1769 MB / 1024 = 34.5508 GB s
  expect(functionDollars({ seconds: 12, processorSeconds: 20 })).toBeCloseTo(34.5508 * 0.0000133334, 8);
});

test('and for the time it waited where that was more', () => {
  // 30 s × 1769 MB / 1024 = 51.8262 GB s
  expect(functionDollars({ seconds: 30, processorSeconds: 20 })).toBeCloseTo(51.8262 * 0.0000133334, 8);
});

test('a batch of the small engine has the job that waits, for a minute at least', () => {
  // 6 s and the 45 s around it are less than a minute: 60 s × a sixteenth of a unit = 3.75 unit s; 6 s × 1769 / 1024 = 10.3652 GB s
  const short = 10.3652 * 0.0000133334 + (3.75 / 3600) * 0.44;
  expect(smallDollars({ seconds: 6, processorSeconds: 3 })).toBeCloseTo(short, 8);
  // 100 s and 45 s: 145 / 16 = 9.0625 unit s; 100 × 1769 / 1024 = 172.7539 GB s
  const long = 172.7539 * 0.0000133334 + (9.0625 / 3600) * 0.44;
  expect(smallDollars({ seconds: 100, processorSeconds: 3 })).toBeCloseTo(long, 8);
});

test('a batch of Spark is its jobs on two workers, each paid for a minute at least', () => {
  // 90 s, and 20 s that are paid as 60: 150 s × 2 units = 300 unit s = 1/12 unit hour
  expect(sparkDollars([{ seconds: 90 }, { seconds: 20 }])).toBeCloseTo(0.44 / 12, 8);
});
