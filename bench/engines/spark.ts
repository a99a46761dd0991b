import { fileURLToPath } from 'node:url';
import { PYTHON } from '../../test/support/spark-here.ts';
import { catalogOf } from '../../test/support/spark.ts';
import { MODELS } from '../../test/support/transform.ts';
import { bareSpark } from './bare-spark.ts';
import { type Cloud, SPARK } from './cloud.ts';
import { sparkDollars } from './dollars.ts';
import { type Engine, failure } from './engine.ts';
import { type Cost, type Ended, runMeasured } from './group.ts';
import { fetchJars, jobsLack, submit } from './submit.ts';

const SCRIPT = fileURLToPath(new URL('job.py', import.meta.url));

function runJob(name: 'silver' | 'gold', { url, variables }: Cloud, mostSeconds: number): Promise<Ended> {
  const { RAW_BUCKET, BUS = '', AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = variables;
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_REGION,
    AWS_DEFAULT_REGION: AWS_REGION,
  };
  const places = ['--RAW', `s3://${RAW_BUCKET}/raw/`, '--LAKE', `s3://${SPARK.lake}/`, '--DATABASE', SPARK.database];
  const env = submit(catalogOf(url, SPARK.lake), { jars: true, environment });
  return runMeasured([PYTHON, SCRIPT, name, ...places, '--MODELS', MODELS, '--BUS', BUS], { env, mostSeconds });
}

const both = (one: Cost, other: Cost): Cost => ({
  seconds: one.seconds + other.seconds,
  processorSeconds: one.processorSeconds + other.processorSeconds,
  peakMb: Math.max(one.peakMb, other.peakMb),
});

/** The jobs of a stack with `engine=spark`, each in a Spark of its own as on Glue, over S3 and Glue as moto plays them. */
export const spark: Engine = {
  name: 'spark',
  bare: bareSpark,
  lacks: jobsLack,
  async run({ cloud, mostSeconds }) {
    if (cloud === undefined) return { why: 'nothing plays AWS', refused: false };
    await fetchJars();
    const silver = await runJob('silver', cloud, mostSeconds);
    if (silver.code !== 0) return failure(silver, mostSeconds);
    const gold = await runJob('gold', cloud, mostSeconds);
    // Of a batch that was published the last line names it.
    if (gold.code !== 0 || !/"batch_id": "b_[^"]*"/.test(gold.stdout)) return failure(gold, mostSeconds);
    return { cost: both(silver, gold), usd: sparkDollars([silver, gold]) };
  },
};
