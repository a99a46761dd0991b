import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { javaFolder, PYTHON } from './spark-here.ts';
import { keepTail } from './tail.ts';
import { MODELS } from './transform.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where Spark keeps the jars it has fetched. */
export const IVY = join(ROOT, '.jars');
export const JARS = ['iceberg-spark-runtime-3.5_2.12', 'iceberg-aws-bundle'].map(
  (name) => `org.apache.iceberg:${name}:1.10.0`,
);

const line = z.looseObject({ step: z.string() });
const answer = z.object({
  error: z.string().optional(),
  died: z.boolean().optional(),
  lines: z.array(line).default([]),
  rows: z.array(z.record(z.string(), z.unknown())).default([]),
});

/** What a job printed, and how it ended. */
export type JobAnswer = z.output<typeof answer>;

type JobName = 'silver' | 'gold' | 'erase';

export interface JobSettings {
  /** Arguments beside those every job gets, or in place of them. */
  readonly more?: readonly string[];
  /** Behind the line of this step it ends, as if its process had been killed. */
  readonly diesAt?: string;
  /** What happens elsewhere behind the line of a step: an object of raw goes, or another job runs. */
  readonly meanwhile?:
    | { readonly at: string; readonly removes: string }
    | { readonly at: string; readonly job: JobName };
}

export interface Spark {
  /** Runs a script of `glue/`. */
  job(name: JobName, settings?: JobSettings): Promise<JobAnswer>;
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Makes a table as the jobs do; its columns by Spark type. */
  create(table: {
    readonly name: string;
    readonly columns: Readonly<Record<string, string>>;
    readonly partition?: string;
  }): Promise<void>;
  stop(): Promise<void>;
  /** Ends it in the middle of what it does; what it was asked is rejected. */
  kill(): Promise<void>;
}

const QUIET = ['spark.ui.enabled=false', 'spark.ui.showConsoleProgress=false', 'spark.sql.ui.explainMode=simple'];

/** What a small machine needs: a job on it is over before a compiler has paid for itself. */
const SMALL = [
  'spark.sql.shuffle.partitions=1',
  'spark.default.parallelism=2',
  'spark.sql.adaptive.enabled=false',
  'spark.sql.codegen.wholeStage=false',
  'spark.sql.codegen.factoryMode=NO_CODEGEN',
];

/** What a Java of some minutes needs: no second compiler, no second look at the classes of jars, and room for what is thrown away at once. */
const JAVA = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-XX:+UnlockDiagnosticVMOptions',
  '-XX:-BytecodeVerificationRemote',
  '-XX:MetaspaceSize=256m',
  '-Xms1200m',
  '-Xmn600m',
];

/** The catalog as the stack sets it for the jobs, and where moto plays its parts. */
export function catalogOf(url: string, lakeBucket: string): readonly string[] {
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

/** A Python of the project's own that holds one Spark, and answers each line with a line. */
export interface SparkSession {
  /** Rejects when it has ended before it answered, with the last it said. */
  ask(request: unknown): Promise<unknown>;
  stop(): Promise<void>;
  /** Ends it in the middle of what it does, its Java with it. */
  kill(): Promise<void>;
}

export interface SessionOptions {
  /** Below `test/spark`. */
  readonly script: string;
  /** Plans are compiled and shuffled as Spark does it of itself, and not as a small machine needs it. */
  readonly compiled?: boolean;
  /** `name=value`, beside these. */
  readonly conf?: readonly string[];
  /** By their coordinates; fetched once, into `.jars`. */
  readonly jars?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Variables of a Python that starts a Spark of its own, with these words of `spark-submit`. */
export function sparkEnvironment(
  submit: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string | undefined>> {
  return {
    PATH: [javaFolder, process.env['PATH']].filter((one) => one !== undefined).join(delimiter),
    HOME: process.env['HOME'],
    PYTHONPATH: join(ROOT, 'glue'),
    PYTHONDONTWRITEBYTECODE: '1',
    PYSPARK_PYTHON: PYTHON,
    PYSPARK_SUBMIT_ARGS: `${submit} pyspark-shell`,
    SPARK_LOCAL_IP: '127.0.0.1',
    ...more,
  };
}

/** Starts one Spark of 2 GB. */
export function startSession({
  script,
  compiled = false,
  conf = [],
  jars = [],
  environment = {},
}: SessionOptions): SparkSession {
  const settings = [...QUIET, ...(compiled ? [] : SMALL), ...conf, `spark.jars.ivy=${IVY}`];
  const packages = jars.length === 0 ? [] : [`--packages ${jars.join(',')}`];
  const submit = ['--master local[2]', '--driver-memory 2g', ...packages]
    .concat(`--driver-java-options "${JAVA.join(' ')}"`, ...settings.map((one) => `--conf ${one}`))
    .join(' ');
  const child = spawn(PYTHON, [join(ROOT, 'test', 'spark', script)], {
    // A group of its own, so that Python and Java are killed by one call. Whoever started it ends, and it reads the end of its requests.
    detached: true,
    stdio: 'pipe',
    env: sparkEnvironment(submit, environment),
  });
  const ended = once(child, 'exit');
  // What it is asked after its end nobody reads; `ask` says that it has ended.
  child.stdin.on('error', () => undefined);
  // All of it is seen with SPARK_LOG=1.
  const isShown = process.env['SPARK_LOG'] !== undefined;
  const said = keepTail(child.stderr, (text) => isShown && process.stderr.write(`${text}\n`));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const next = await lines.next();
      if (next.done === true) throw new Error(`Spark ended. The last it said:\n${await said.last()}`);
      return JSON.parse(next.value);
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
    async kill() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}

/** A Spark that runs the jobs against moto. */
export function startSpark(options: SparkOptions): Spark {
  const session = startSession({
    script: 'jobs.py',
    conf: catalogOf(options.url, options.lakeBucket),
    jars: JARS,
    environment: {
      AWS_ENDPOINT_URL: options.url,
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    },
  });
  const ask = async (request: unknown): Promise<JobAnswer> => answer.parse(await session.ask(request));
  const places = ['--RAW', `s3://${options.rawBucket}/raw/`, '--LAKE', `s3://${options.lakeBucket}/`];
  const common = [...places, '--DATABASE', options.database, '--MODELS', MODELS, '--BUS', options.bus];
  return {
    job(job, { diesAt, meanwhile, more = [] } = {}) {
      const elsewhere =
        meanwhile === undefined || 'job' in meanwhile
          ? { ...meanwhile, arguments: common }
          : { at: meanwhile.at, removes: [options.rawBucket, meanwhile.removes] };
      return ask({ job, dies_at: diesAt, meanwhile: elsewhere, arguments: [...common, ...more] });
    },
    async rows(sql) {
      const { error, rows } = await ask({ sql });
      if (error !== undefined) throw new Error(error);
      return rows;
    },
    async create(table) {
      const { error } = await ask({ create: table, lake: options.lakeBucket, database: options.database });
      if (error !== undefined) throw new Error(error);
    },
    stop: () => session.stop(),
    kill: () => session.kill(),
  };
}
