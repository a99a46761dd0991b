import { expect, test } from 'vitest';
import { runSeed } from './seed.ts';

// A tenth of the size: `npm run test:order` walks twenty seeds of two thousand deliveries each.
test('any order, any batches and any retries lead to the same tables, and each batch to what a rebuild makes', async () => {
  const { problems, statements } = await runSeed('small 1', { people: 4, days: 10 });
  expect(problems).toEqual([]);
  expect(statements).toBeGreaterThan(150);
});
