import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readCatalog } from '../../ports/engine/duckdb/catalog.ts';
import { batchVersion } from '../../ports/engine/small/layout.ts';
import { HISTORIES } from '../support/snapshots.ts';
import { hasSpark, sparkLacks } from '../support/spark-here.ts';
import { startSession } from '../support/spark.ts';
import { MODELS } from '../support/transform.ts';
import { temporaryDirectory } from '../support/directory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
if (sparkLacks !== undefined && process.env['CI'] === 'true') throw new Error(sparkLacks);

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

/** What a session that is to start with this says instead of an answer. */
async function saidOf(options: Omit<Parameters<typeof startSession>[0], 'script'>): Promise<string> {
  const session = startSession({ ...options, script: 'jobs.py' });
  const why = await session.ask({ sql: 'select 1' }).catch((error: unknown) => String(error));
  await session.stop();
  return typeof why === 'string' ? why : JSON.stringify(why);
}

test.skipIf(!hasSpark)('a Spark that cannot start says why: no Java', async () => {
  const said = await saidOf({ environment: { JAVA_HOME: '/nowhere' } });
  expect(said).toMatch(/^Error: Spark ended\. The last it said:\n/);
  expect(said).toContain('/nowhere/bin/java: No such file or directory');
});

test.skipIf(!hasSpark)('a Spark that cannot start says why: jars that cannot be fetched', async () => {
  // A registry in a folder, and the folder is empty: nobody is asked.
  const folder = temporaryDirectory();
  const settings = path.join(folder, 'ivy.xml');
  mkdirSync(path.join(folder, 'jars'));
  const pattern = `${folder}/jars/[artifact]-[revision].[ext]`;
  writeFileSync(
    settings,
    `<ivysettings><settings defaultResolver="empty"/><caches defaultCacheDir="${folder}/cache"/><resolvers><filesystem name="empty">
<artifact pattern="${pattern}"/></filesystem></resolvers></ivysettings>`,
  );
  const said = await saidOf({ conf: [`spark.jars.ivySettings=${settings}`], jars: ['org.example:missing:1.0'] });
  expect(said).toMatch(/^Error: Spark ended\. The last it said:\n/);
  expect(said).toContain('unresolved dependency: org.example#missing;1.0: not found');
});
