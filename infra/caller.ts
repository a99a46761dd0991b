import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import type { Code } from './code.ts';
import { Component } from './component.ts';
import type { Function } from './function.ts';
import { glueRole } from './glue-role.ts';
import type { Key } from './key.ts';
import { tags } from './names.ts';
import { CALLER_UNITS } from './shapes.ts';
import type { Step, Workflow } from './workflow.ts';

export interface CallerOptions {
  readonly computes: Function;
  readonly workflow: Workflow;
  readonly code: Code;
  readonly key: Key | undefined;
}

/** A function ends after 15 minutes; starting the job takes one or two. */
const MINUTES = 20;

/** The job that stands for a function in the workflow, which can start jobs only: calls it, waits, and ends as it ended. */
export class Caller extends Component implements Step {
  readonly jobName: pulumi.Output<string>;

  constructor(name: string, options: CallerOptions, parent: pulumi.ComponentResource) {
    super('Caller', name, { parent });
    const { computes, workflow, code, key } = options;
    // What the run was started with says whether it is a rebuild.
    const run = workflow.tell(['glue:GetWorkflowRunProperties', 'glue:PutWorkflowRunProperties']);
    const statements = [code.read('small.py'), computes.call(), run];
    const names = { role: this.named('role'), rights: this.named('rights') };
    const physical = this.physical('calls-transform');
    const { role, rights } = glueRole({ physical, names, logs: 'python-jobs/*', key, statements }, this.child);
    const job = new aws.glue.Job(
      name,
      {
        name: this.physical(name),
        roleArn: role.arn,
        maxCapacity: CALLER_UNITS,
        timeout: MINUTES,
        maxRetries: 0,
        executionProperty: { maxConcurrentRuns: 1 },
        command: { name: 'pythonshell', pythonVersion: '3.9', scriptLocation: code.at('small.py') },
        // The set that is known to hold boto3; its name has no dashes.
        defaultArguments: { 'library-set': 'analytics', '--FUNCTION': computes.functionName },
        tags,
      },
      // Without its rights the first run would fail.
      { ...this.child, dependsOn: rights },
    );
    this.jobName = job.name;
    this.registerOutputs({ job: this.jobName });
  }
}
