import { defineConfig } from 'vitest/config';

/** Minutes each: killed processes, outages, faults on a whole household. */
const LONG = [
  'test/end-to-end/{canary,crash,faults,kill,killed-batch,outage}/**/*.test.ts',
  'test/end-to-end/*/crash.test.ts',
];

/** Against AWS as moto plays it. */
const AWS = [
  'test/aws/**/*.test.ts',
  'test/contract/*.{s3,eventbridge,dynamodb,secrets-manager,sns,athena,runs}.test.ts',
];

/** Many runs of the Spark jobs each. */
const ENGINES = ['test/spark/{alternate,bad-input,first,jobs,parity}.test.ts'];

const project = (name: string, include: string[], testTimeout = 60_000, exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude, testTimeout, hookTimeout: testTimeout },
});

/** Two at a time wherever it runs: each keeps a Java of 2 GB, which for the most part keeps one core busy. */
const engines = {
  extends: true as const,
  test: { ...project('engines', ENGINES, 1_800_000).test, maxWorkers: 2, sequence: { groupOrder: 1 } },
};

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    // One core short by itself: of two that is half.
    maxWorkers: '100%',
    projects: [
      project('unit', [
        'test/*.test.ts',
        'test/{app,providers,ports,models,local,dashboard,bin,infra,handlers,bench}/**/*.test.{ts,tsx}',
      ]),
      project('contract', ['test/contract/**/*.test.ts'], 60_000, AWS),
      project('aws', AWS, 300_000),
      project('spark', ['test/spark/**/*.test.ts'], 900_000, ENGINES),
      engines,
      project('end-to-end', ['test/end-to-end/**/*.test.ts'], 300_000, LONG),
      project('long', LONG, 600_000),
      project('browser', ['test/browser/**/*.test.ts'], 120_000),
    ],
  },
});
