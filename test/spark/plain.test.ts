import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hasSpark } from '../support/spark.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
if (!hasSpark && process.env['CI'] === 'true') throw new Error('PySpark is not installed: run `node bin/python.mjs`.');

test.skipIf(!hasSpark).each(['test_reading', 'test_plain', 'test_lake'])('%s: every test of it passes', (name) => {
  const ran = spawnSync(`${root}/.python/bin/python`, ['-m', 'unittest', '-v', name], {
    cwd: `${root}/test/spark`,
    env: { PATH: process.env['PATH'], PYTHONPATH: `${root}/glue`, PYTHONDONTWRITEBYTECODE: '1' },
    encoding: 'utf8',
  });
  expect(ran.stderr).toMatch(/^Ran [1-9]\d* tests? in /m);
  expect(ran.status, ran.stderr).toBe(0);
});
