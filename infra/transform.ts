import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { Bundles } from './bundles.ts';
import { Code } from './code.ts';
import { Component } from './component.ts';
import type { StackConfig } from './config.ts';
import { Eraser } from './eraser.ts';
import { gets, lists } from './objects.ts';
import { Job, type JobOptions } from './job.ts';
import { JobRole, type JobRoleOptions } from './job-role.ts';
import { Workflow } from './workflow.ts';
import type { Statement } from './policy.ts';

export interface TransformOptions
  extends Omit<JobOptions, 'role' | 'code'>, Omit<JobRoleOptions, 'statements' | 'code' | 'logDays'> {
  readonly config: StackConfig;
  readonly bundles: Bundles;
}

/** Raw objects to tables: the workflow that events start with its two Spark jobs, and beside it the job that erases. */
export class Transform extends Component {
  readonly workflow: Workflow;
  readonly eraser: Eraser;
  readonly last: Job;
  /** What follows the last job waits for this trigger. */
  readonly chain: aws.glue.Trigger;
  /** By name. */
  readonly jobs: readonly pulumi.Output<string>[];

  constructor(name: string, options: TransformOptions) {
    super('Transform', name);
    const { config } = options;
    const shared = { ...options, code: new Code('code', options, this), logDays: config.logRetentionDays };
    this.workflow = new Workflow(name, this);
    const role = new JobRole('transforms', { ...shared, statements: rightsOf(options, this.workflow) }, this);
    const silver = new Job('silver', { ...shared, role }, this);
    this.last = new Job('gold', { ...shared, role }, this);
    const { batchSize, batchWindowSeconds: batchWindow } = config;
    const start = this.workflow.onEvents({ batchSize, batchWindow }, silver);
    this.chain = this.workflow.follow('then-gold', silver, { jobName: this.last.jobName }, start);
    this.eraser = new Eraser('eraser', shared, this);
    this.jobs = [silver.jobName, this.last.jobName, this.eraser.jobName];
    this.registerOutputs({ workflow: this.workflow.workflowName });
  }
}

/** What both jobs may do beside writing tables; only the last one leaves a run's record and publishes. */
function rightsOf({ lake, catalog, bus }: TransformOptions, { arn }: Workflow): readonly Statement[] {
  // `open/` has a marker of the batch under way; a run that died is cleared away by the next one. Long lines are written in parts.
  const runs = ['s3:GetObject', 's3:PutObject', 's3:PutObjectTagging', 's3:DeleteObject', 's3:AbortMultipartUpload'];
  const properties = ['glue:GetWorkflowRunProperties', 'glue:PutWorkflowRunProperties'];
  return [
    gets('Raw', lake.raw, 'raw/'),
    lists('Raw', lake.raw),
    { Sid: 'WriteRuns', Action: runs, Resource: [lake.tables.below('runs/'), lake.tables.below('open/')] },
    ...catalog.keep(),
    { Sid: 'TellTheRun', Action: properties, Resource: [arn] },
    ...bus.publish().statements,
  ];
}
