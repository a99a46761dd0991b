import { expect, test } from 'vitest';
import { runSeed } from './seed.ts';

// A tenth of the size: `npm run test:order` walks twenty seeds of two thousand deliveries each.
test.each(['small 1', 'small 2'])(
  'any order, any batches and any retries lead to the same tables, and each batch to what a rebuild makes: "%s"',
  async (seed) => {
    const { problems, statements } = await runSeed(seed, { people: 4, days: 10 });
    expect(problems).toEqual([]);
    expect(statements).toBeGreaterThan(150);
  },
);
