import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { StackConfig } from './config.ts';
import { tags } from './names.ts';
import { type Grant, onlyFor, policy, type Statement, trust } from './policy.ts';

/** A job of a workflow, whatever it runs on. */
export interface Step {
  readonly jobName: pulumi.Output<string>;
}

type Batch = Pick<StackConfig, 'batchSize' | 'batchWindowSeconds'>;

/** A Glue workflow: one run at a time, because jobs work from what lies in raw and not from events, so one run sees everything. */
export class Workflow extends Component {
  readonly workflowName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, parent: pulumi.ComponentResource) {
    super('Workflow', name, { parent });
    const workflow = new aws.glue.Workflow(name, { name: this.physical(name), maxConcurrentRuns: 1, tags }, this.child);
    this.workflowName = workflow.name;
    this.arn = workflow.arn;
    this.registerOutputs({ arn: this.arn });
  }

  /** Starts with this job after so many events, or so many seconds after the first one. */
  onEvents({ batchSize, batchWindowSeconds: batchWindow }: Batch, first: Step): aws.glue.Trigger {
    const batch = { batchSize, batchWindow };
    const how = { type: 'EVENT', workflowName: this.workflowName, eventBatchingConditions: [batch] };
    return new aws.glue.Trigger(
      this.named('start'),
      { name: this.physical('start'), ...how, actions: [{ jobName: first.jobName }], tags },
      // Never `enabled`: an EVENT trigger cannot be switched, and any difference of it fails for ever.
      { ...this.child, ignoreChanges: ['enabled'] },
    );
  }

  /** Does something once a job succeeded (not `then`: that would make a promise of it); triggers of one workflow are made one after another. */
  follow(
    part: string,
    job: Step,
    action: aws.types.input.glue.TriggerAction,
    after: pulumi.Resource,
  ): aws.glue.Trigger {
    // `logical` is wanted even for one condition.
    const conditions = [{ jobName: job.jobName, state: 'SUCCEEDED', logicalOperator: 'EQUALS' }];
    const how = { type: 'CONDITIONAL', workflowName: this.workflowName, startOnCreation: true };
    return new aws.glue.Trigger(
      this.named(part),
      { name: this.physical(part), ...how, predicate: { logical: 'AND', conditions }, actions: [action], tags },
      { ...this.child, dependsOn: after },
    );
  }

  /** The role with which EventBridge tells the workflow of an event, and may do nothing else. */
  startedBy(rule: pulumi.Output<string>): pulumi.Output<string> {
    const role = new aws.iam.Role(
      this.named('starter'),
      { name: this.physical('starts-workflow'), assumeRolePolicy: trust('events.amazonaws.com', onlyFor(rule)), tags },
      this.child,
    );
    const notify = { Sid: 'NotifyWorkflow', Action: ['glue:notifyEvent'], Resource: [this.arn] };
    new aws.iam.RolePolicy(this.named('starter'), { role: role.name, policy: policy([notify]) }, this.child);
    return role.arn;
  }

  /** Puts figures into the properties of a run, or reads what is there. */
  tell(Action: readonly string[]): Statement {
    return { Sid: 'TellTheRun', Action, Resource: [this.arn] };
  }

  /** Starts a run, and sees whether one is under way. */
  start(): Grant<'WORKFLOW'> {
    const Action = ['glue:StartWorkflowRun', 'glue:GetWorkflow'];
    return {
      environment: { WORKFLOW: this.workflowName },
      statements: [{ Sid: 'StartWorkflow', Action, Resource: [this.arn] }],
    };
  }
}
