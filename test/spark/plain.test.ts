import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readCatalog } from '../../ports/engine/duckdb/catalog.ts';
import { batchVersion } from '../../ports/engine/small/layout.ts';
import { HISTORIES } from '../support/snapshots.ts';
import { hasSpark } from '../support/spark.ts';
import { MODELS } from '../support/transform.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
if (!hasSpark && process.env['CI'] === 'true') throw new Error('PySpark is not installed: run `node bin/python.mjs`.');

const python = (words: readonly string[]) =>
  spawnSync(`${root}/.python/bin/python`, words, {
    cwd: `${root}/test/spark`,
    env: { PATH: process.env['PATH'], PYTHONPATH: `${root}/glue`, PYTHONDONTWRITEBYTECODE: '1' },
    encoding: 'utf8',
  });

test.skipIf(!hasSpark).each(['test_reading', 'test_plain', 'test_small', 'test_lake', 'test_rebuild'])(
  '%s: every test of it passes',
  (name) => {
    const ran = python(['-m', 'unittest', '-v', name]);
    expect(ran.stderr).toMatch(/^Ran [1-9]\d* tests? in /m);
    expect(ran.status, ran.stderr).toBe(0);
  },
);

test.skipIf(!hasSpark)('a model has the same version whichever engine reckons it', () => {
  const program = `import json, sys; from pathlib import Path; from wellspring.catalog import read_catalog, texts_of_folder
print(json.dumps(read_catalog(texts_of_folder(Path(sys.argv[1]))).versions))`;
  const ran = python(['-c', program, MODELS]);
  expect(ran.status, ran.stderr).toBe(0);
  expect(JSON.parse(ran.stdout)).toEqual(Object.fromEntries(readCatalog(MODELS).versions));
});

test.skipIf(!hasSpark)('the same snapshots end on either engine, by when they were replaced', () => {
  const program = `import json, sys; from wellspring.history import replaced_before
print(json.dumps([replaced_before(one["before"], one["log"], one["made"], one["kept"]) for one in json.loads(sys.argv[1])]))`;
  const ran = python(['-c', program, JSON.stringify(HISTORIES)]);
  expect(ran.status, ran.stderr).toBe(0);
  // Derived beside each; the other engine: test/ports/iceberg/expire.test.ts.
  expect(JSON.parse(ran.stdout)).toEqual(HISTORIES.map(({ ended }) => ended));
});

test.skipIf(!hasSpark)(
  'a batch says the same of what made it whichever engine ran it, with samples and without',
  () => {
    const program = `import json, sys; from dataclasses import replace; from wellspring.settings import read_settings
given = read_settings(["--RAW", "s3://raw/", "--LAKE", "s3://lake/", "--DATABASE", "health", "--MODELS", sys.argv[1]])
print(json.dumps([replace(given, samples=samples).version for samples in (True, False)]))`;
    const ran = python(['-c', program, MODELS]);
    expect(ran.status, ran.stderr).toBe(0);
    const catalog = readCatalog(MODELS);
    expect(JSON.parse(ran.stdout)).toEqual([true, false].map((samples) => batchVersion(catalog, samples)));
  },
);
