import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { MODELS } from './transform.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PYTHON = join(ROOT, '.python', 'bin', 'python');
const JARS = ['iceberg-spark-runtime-3.5_2.12', 'iceberg-aws-bundle'].map(
  (name) => `org.apache.iceberg:${name}:1.10.0`,
);

/** Whether `bin/python.mjs` has put PySpark in place. */
export const hasSpark = existsSync(join(PYTHON, '..', 'spark-submit'));

const line = z.looseObject({ step: z.string() });
const answer = z.object({
  error: z.string().optional(),
  died: z.boolean().optional(),
  lines: z.array(line).default([]),
  rows: z.array(z.record(z.string(), z.unknown())).default([]),
});

/** What a job printed, and how it ended. */
export type JobAnswer = z.output<typeof answer>;

export interface Spark {
  /** Runs a script of `glue/`; `diesAt` ends it behind the line of that step, as if its process had been killed. */
  job(
    name: 'silver' | 'gold' | 'erase',
    settings?: { readonly diesAt?: string; readonly more?: readonly string[] },
  ): Promise<JobAnswer>;
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}

/** What a small machine needs: a job on it is over before a compiler has paid for itself. */
const SMALL = [
  'spark.ui.enabled=false',
  'spark.ui.showConsoleProgress=false',
  'spark.sql.shuffle.partitions=1',
  'spark.default.parallelism=2',
  'spark.sql.adaptive.enabled=false',
  'spark.sql.codegen.wholeStage=false',
  'spark.sql.codegen.factoryMode=NO_CODEGEN',
];

/** The catalog as the stack sets it for the jobs, and where moto plays its parts. */
function catalogOf(url: string, lakeBucket: string): readonly string[] {
  const lake = 'spark.sql.catalog.lake';
  return [
    'spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
    `${lake}=org.apache.iceberg.spark.SparkCatalog`,
    `${lake}.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog`,
    `${lake}.io-impl=org.apache.iceberg.aws.s3.S3FileIO`,
    `${lake}.warehouse=s3://${lakeBucket}/tables/`,
    `${lake}.glue.endpoint=${url}`,
    `${lake}.s3.endpoint=${url}`,
    `${lake}.s3.path-style-access=true`,
    `${lake}.client.region=us-east-1`,
  ];
}

export interface SparkOptions {
  /** Where moto answers. */
  readonly url: string;
  readonly rawBucket: string;
  readonly lakeBucket: string;
  readonly database: string;
  readonly bus: string;
}

/** One Spark of 2 GB that runs the jobs against moto; its jars are fetched once, into `.jars`. */
export function startSpark(options: SparkOptions): Spark {
  const conf = [...SMALL, ...catalogOf(options.url, options.lakeBucket), `spark.jars.ivy=${join(ROOT, '.jars')}`];
  const submit = ['--master local[2]', '--driver-memory 2g', `--packages ${JARS.join(',')}`]
    .concat('--driver-java-options "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"', ...conf.map((one) => `--conf ${one}`))
    .join(' ');
  const child = spawn(PYTHON, [join(ROOT, 'test', 'spark', 'jobs.py')], {
    stdio: ['pipe', 'pipe', process.env['SPARK_LOG'] === undefined ? 'ignore' : 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PYTHONPATH: join(ROOT, 'glue'),
      PYTHONDONTWRITEBYTECODE: '1',
      PYSPARK_PYTHON: PYTHON,
      PYSPARK_SUBMIT_ARGS: `${submit} pyspark-shell`,
      SPARK_LOCAL_IP: '127.0.0.1',
      AWS_ENDPOINT_URL: options.url,
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    },
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: unknown): Promise<JobAnswer> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const next = await lines.next();
    if (next.done === true) throw new Error('Spark ended.');
    return answer.parse(JSON.parse(next.value));
  };
  const places = ['--RAW', `s3://${options.rawBucket}/raw/`, '--LAKE', `s3://${options.lakeBucket}/`];
  const common = [...places, '--DATABASE', options.database, '--MODELS', MODELS, '--BUS', options.bus];
  return {
    job: (job, { diesAt, more = [] } = {}) => ask({ job, dies_at: diesAt, arguments: [...common, ...more] }),
    async rows(sql) {
      const { error, rows } = await ask({ sql });
      if (error !== undefined) throw new Error(error);
      return rows;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
