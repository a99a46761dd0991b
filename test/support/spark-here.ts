import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const PYTHON = join(ROOT, '.python', 'bin', 'python');

const sought = spawnSync(process.execPath, [join(ROOT, 'bin', 'java.mjs')], { encoding: 'utf8' });
const java = sought.stdout.trim();

/** The folder of the Java that `bin/java.mjs` finds: first on a path, it is the one Spark starts. Undefined when there is none. */
export const javaFolder = java === '' ? undefined : dirname(java);

/** What a Spark of this machine lacks, and what to do about it; undefined when nothing. */
export const sparkLacks = existsSync(join(PYTHON, '..', 'spark-submit'))
  ? javaFolder === undefined
    ? sought.stderr.trim()
    : undefined
  : 'PySpark is not installed: run `node bin/python.mjs`.';

export const hasSpark = sparkLacks === undefined;
