import type * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import type { Bundles } from './bundles.ts';
import { Caller } from './caller.ts';
import { Code } from './code.ts';
import { Component } from './component.ts';
import type { StackConfig } from './config.ts';
import { Eraser } from './eraser.ts';
import type { Function } from './function.ts';
import { gets, lists } from './objects.ts';
import { Job, type JobOptions } from './job.ts';
import { JobRole, type JobRoleOptions } from './job-role.ts';
import { type Step, Workflow } from './workflow.ts';
import type { Statement } from './policy.ts';

export interface TransformOptions
  extends Omit<JobOptions, 'role' | 'code'>, Omit<JobRoleOptions, 'statements' | 'code' | 'logDays'> {
  readonly config: StackConfig;
  readonly bundles: Bundles;
}

/** Where the jobs of a run end: the last one, and the trigger after which another one is made. */
interface End {
  readonly last: Step;
  readonly trigger: aws.glue.Trigger;
}

/**
 * Raw objects to tables: the workflow that events start with what computes (`engine`): two Spark jobs, or one that calls a function. Beside it
 * the job that erases, which is Spark's in any case.
 */
export class Transform extends Component {
  readonly workflow: Workflow;
  readonly eraser: Eraser;
  readonly #options: TransformOptions;
  readonly #code: Code;
  readonly #computing: readonly Step[];
  #caller: Caller | undefined;
  #end: End | undefined;

  constructor(name: string, options: TransformOptions) {
    super('Transform', name);
    const shared = { ...options, code: new Code('code', options, this), logDays: options.config.logRetentionDays };
    this.#options = options;
    this.#code = shared.code;
    this.workflow = new Workflow(name, this);
    this.#computing = options.config.engine === 'spark' ? this.#spark(shared) : [];
    this.eraser = new Eraser('eraser', shared, this);
    this.registerOutputs({ workflow: this.workflow.workflowName });
  }

  /** The names of all jobs there are. */
  get jobs(): readonly pulumi.Output<string>[] {
    const caller = this.#caller === undefined ? [] : [this.#caller];
    return [...this.#computing, ...caller, this.eraser].map(({ jobName }) => jobName);
  }

  /** Has the workflow call this function. It is made after the workflow, which its neighbours start and ask. */
  runBy(computes: Function): void {
    this.#caller = new Caller('small', { ...this.#options, computes, workflow: this.workflow, code: this.#code }, this);
    this.#end = { last: this.#caller, trigger: this.workflow.onEvents(this.#options.config, this.#caller) };
  }

  /** Does something after each run that succeeded. */
  lastly(part: string, action: aws.types.input.glue.TriggerAction): void {
    if (this.#end === undefined) throw new TypeError('transform: nothing computes yet');
    this.workflow.follow(part, this.#end.last, action, this.#end.trigger);
  }

  #spark(shared: Omit<JobOptions, 'role'> & Omit<JobRoleOptions, 'statements'>): readonly Step[] {
    const statements = rightsOf(this.#options, this.workflow);
    const role = new JobRole('transforms', { ...shared, statements }, this);
    const silver = new Job('silver', { ...shared, role }, this);
    const gold = new Job('gold', { ...shared, role }, this);
    const start = this.workflow.onEvents(this.#options.config, silver);
    const trigger = this.workflow.follow('then-gold', silver, { jobName: gold.jobName }, start);
    this.#end = { last: gold, trigger };
    return [silver, gold];
  }
}

/** What both Spark jobs may do beside writing tables; only the last one leaves a run's record and publishes. */
function rightsOf({ lake, catalog, bus }: TransformOptions, workflow: Workflow): readonly Statement[] {
  // `open/` has a marker of the batch under way; a run that died is cleared away by the next one. Long lines are written in parts.
  const runs = ['s3:GetObject', 's3:PutObject', 's3:PutObjectTagging', 's3:DeleteObject', 's3:AbortMultipartUpload'];
  return [
    gets('Raw', lake.raw, 'raw/'),
    lists('Raw', lake.raw),
    { Sid: 'WriteRuns', Action: runs, Resource: [lake.tables.below('runs/'), lake.tables.below('open/')] },
    ...catalog.keep(),
    workflow.tell(['glue:GetWorkflowRunProperties', 'glue:PutWorkflowRunProperties']),
    ...bus.publish().statements,
  ];
}
