import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { Bus } from './bus.ts';
import type { Catalog } from './catalog.ts';
import type { Code } from './code.ts';
import { Component } from './component.ts';
import type { StackConfig } from './config.ts';
import { iceberg } from './iceberg.ts';
import type { JobRole } from './job-role.ts';
import type { Lake } from './lake.ts';
import { tags } from './names.ts';

export interface JobOptions {
  readonly config: Pick<StackConfig, 'glueVersion' | 'workers' | 'samples'>;
  readonly role: JobRole;
  readonly lake: Lake;
  readonly code: Code;
  readonly catalog: Catalog;
  readonly bus: Bus;
}

/** A run that takes longer hangs; without it Glue waits for hours. */
const MINUTES = 30;

/** One Spark job of Glue; its script has its name. */
export class Job extends Component {
  readonly jobName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: 'silver' | 'gold' | 'erase', options: JobOptions, parent: pulumi.ComponentResource) {
    super('Job', name, { parent });
    const { config, role, lake, code, catalog, bus } = options;
    const job = new aws.glue.Job(
      name,
      {
        name: this.physical(name),
        roleArn: role.arn,
        glueVersion: config.glueVersion,
        workerType: 'G.1X',
        numberOfWorkers: config.workers,
        timeout: MINUTES,
        maxRetries: 0,
        executionProperty: { maxConcurrentRuns: 1 },
        command: { name: 'glueetl', pythonVersion: '3', scriptLocation: code.at(`${name}.py`) },
        defaultArguments: {
          '--job-language': 'python',
          '--datalake-formats': 'iceberg',
          '--conf': iceberg(lake.tables.bucket),
          '--extra-py-files': code.at('wellspring.zip'),
          '--enable-continuous-cloudwatch-log': 'true',
          '--custom-logGroup-prefix': role.logPrefix,
          '--RAW': pulumi.interpolate`s3://${lake.raw.bucket}/raw/`,
          '--LAKE': pulumi.interpolate`s3://${lake.tables.bucket}/`,
          '--DATABASE': catalog.database,
          '--MODELS': code.at('models.zip'),
          '--BUS': bus.busName,
          '--SAMPLES': String(config.samples),
        },
        tags,
      },
      // Without its rights the first run would fail.
      { ...this.child, dependsOn: role },
    );
    this.jobName = job.name;
    this.arn = job.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
