import type * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import { Job, type JobOptions } from './job.ts';
import { JobRole, type JobRoleOptions } from './job-role.ts';
import type { Grant } from './policy.ts';

export type EraserOptions = Omit<JobOptions, 'role'> & Omit<JobRoleOptions, 'statements'>;

/** The job that takes a person's rows out of every table. Outside the workflow: it is started by name, and nothing comes after it. */
export class Eraser extends Component {
  readonly #job: Job;

  constructor(name: string, options: EraserOptions, parent: pulumi.ComponentResource) {
    super('Eraser', name, { parent });
    const role = new JobRole('erases', { ...options, statements: options.catalog.keep() }, this);
    this.#job = new Job('erase', { ...options, role }, this);
    this.registerOutputs({});
  }

  get jobName(): pulumi.Output<string> {
    return this.#job.jobName;
  }

  /** Starts it, and sees which runs there are and how they ended. */
  start(): Grant<'ERASE_JOB'> {
    const Action = ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns'];
    return {
      environment: { ERASE_JOB: this.#job.jobName },
      statements: [{ Sid: 'StartErasing', Action, Resource: [this.#job.arn] }],
    };
  }
}
