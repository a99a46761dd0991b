import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/directory.ts';
import { killBatches } from './kills.ts';

test('batches killed at any moment leave readers whole tables, and the next ones what nobody disturbed', async () => {
  const report = await killBatches({ directory: path.join(temporaryDirectory(), 'killed'), kills: 8, seed: 'test' });
  expect(report.problems).toEqual([]);
  expect(report.reads).toBeGreaterThan(8);
  expect(report.batches).toBeGreaterThan(2);
});
