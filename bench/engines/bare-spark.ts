import { fileURLToPath } from 'node:url';
import { PYTHON } from '../../test/support/spark-here.ts';
import { bareResult } from './bare.ts';
import type { Engine } from './engine.ts';
import { runMeasured } from './group.ts';
import { jobsLack, submit } from './submit.ts';

const SCRIPT = fileURLToPath(new URL('bare_spark.py', import.meta.url));

/** The baseline of what runs on Spark: the same documents, read and counted by type and day. */
export const bareSpark: Engine = {
  name: 'bare Spark',
  bare: undefined,
  lacks: jobsLack,
  async run({ taken, mostSeconds }) {
    const ended = await runMeasured([PYTHON, SCRIPT, taken.directory], { env: submit([]), mostSeconds });
    return bareResult(ended, taken.keys.length, mostSeconds);
  },
};
