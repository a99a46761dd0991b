import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/directory.ts';
import { killAround } from './kills.ts';

test('servers killed while they connect, refresh, collect and backfill lose no grant, use no token twice and double nothing', async () => {
  const report = await killAround({ directory: join(temporaryDirectory(), 'data'), kills: 8, seed: 'test' });
  expect(report.problems).toEqual([]);
  const met = Object.values(report.met).reduce((sum, count) => sum + count, 0);
  expect(met).toBeGreaterThanOrEqual(4);
  expect(report.presentations).toBeGreaterThan(0);
});
