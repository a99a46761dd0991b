import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../support/directory.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { killJobs } from './killed/kills.ts';

if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

// A hundred: `npm run test:killed-jobs`.
describe.skipIf(!hasSpark)('jobs that are killed at any moment', () => {
  test('leave readers whole tables, and the next ones what nobody disturbed', async () => {
    const directory = path.join(temporaryDirectory(), 'killed');
    const report = await killJobs({ directory, kills: 4, seed: 'test' });
    expect(report.problems).toEqual([]);
    expect(report.kills).toBe(4);
    expect(report.reads).toBeGreaterThan(4);
  });
});
