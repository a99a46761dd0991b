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
const ENGINES = ['test/spark/{alternate,bad-input,first,jobs,killed,parity,rebuild}.test.ts'];

// Nothing is measured by these: they end what hangs, on a machine that has little time to give as on any other.
const project = (name: string, include: string[], testTimeout = 300_000, exclude: string[] = []) => ({
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
      project('contract', ['test/contract/**/*.test.ts'], 300_000, AWS),
      project('aws', AWS, 900_000),
      project('spark', ['test/spark/**/*.test.ts'], 1_800_000, ENGINES),
      engines,
      project('end-to-end', ['test/end-to-end/**/*.test.ts'], 1_200_000, LONG),
      project('long', LONG, 1_200_000),
      project('browser', ['test/browser/**/*.test.ts'], 600_000),
    ],
  },
});
