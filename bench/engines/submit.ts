import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasMoto } from '../../test/support/moto.ts';
import { sparkLacks, PYTHON } from '../../test/support/spark-here.ts';
import { IVY, JARS, sparkEnvironment } from '../../test/support/spark.ts';
import { runMeasured } from './group.ts';

/** As `--packages` names what it has fetched. */
const files = JARS.map((name) => join(IVY, 'jars', `${name.replaceAll(':', '_').replace(/_([\d.]+)$/, '-$1')}.jar`));

/** Everything else is as Spark has it, and as the jobs of a stack find it. */
const SUBMIT = [
  '--master local[*]',
  '--driver-memory 4g',
  '--conf spark.ui.enabled=false',
  '--conf spark.ui.showConsoleProgress=false',
];

/** Variables of a Python that starts a Spark with these settings, `name=value`, and the jars of Iceberg where they are asked for. */
export function submit(
  conf: readonly string[],
  {
    jars = false,
    environment = {},
  }: { readonly jars?: boolean; readonly environment?: Readonly<Record<string, string>> } = {},
): Readonly<Record<string, string | undefined>> {
  const words = [...SUBMIT, ...(jars ? [`--jars ${files.join(',')}`] : []), ...conf.map((one) => `--conf ${one}`)];
  return sparkEnvironment(words.join(' '), environment);
}

/** Fetches the jars unless they are there: on Glue they are, and no run waits for them. */
export async function fetchJars(): Promise<void> {
  if (files.every((file) => existsSync(file))) return;
  const words = `--master local[1] --packages ${JARS.join(',')} --conf spark.jars.ivy=${IVY}`;
  const text = 'from pyspark.sql import SparkSession; SparkSession.builder.getOrCreate().stop()';
  const { code, stderr } = await runMeasured([PYTHON, '-c', text], { env: sparkEnvironment(words) });
  if (code !== 0) throw new Error(`The jars of Iceberg could not be fetched: ${stderr.slice(-300)}`);
}

/** What the jobs on a Spark of this machine lack. */
export const jobsLack = (): string | undefined =>
  sparkLacks ?? (hasMoto ? undefined : 'moto is not installed: node bin/python.mjs');
