import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { appointmentsOf } from './appointments.ts';
import { Component } from './component.ts';
import type { Functions } from './functions.ts';
import { tags } from './names.ts';
import { onlyFor, policy, trust } from './policy.ts';
import { DeadLetters } from './queue.ts';

export interface SchedulesOptions {
  readonly functions: Functions;
  /** The owner's. */
  readonly zone: string;
}

/** What happens by the clock. Delivered at least once: everything called here may run twice. */
export class Schedules extends Component {
  readonly dead: DeadLetters;

  constructor(name: string, options: SchedulesOptions) {
    super('Schedules', name);
    const group = new aws.scheduler.ScheduleGroup(this.named('group'), { name: this.physical(name), tags }, this.child);
    this.dead = new DeadLetters('missed', this);
    const entries = Object.entries(appointmentsOf(options.functions, options.zone));
    const role = new aws.iam.Role(
      this.named('role'),
      // The group, not the schedule: that is what Scheduler says of itself.
      { name: this.physical(name), assumeRolePolicy: trust('scheduler.amazonaws.com', onlyFor(group.arn)), tags },
      this.child,
    );
    const called = [...new Set(entries.map(([, { call }]) => call))].map(({ arn }): pulumi.Output<string> => arn);
    const rights = new aws.iam.RolePolicy(
      this.named('rights'),
      {
        role: role.name,
        policy: policy([
          // A queue of dead letters needs no policy here: the role sends them.
          { Sid: 'CallFunctions', Action: ['lambda:InvokeFunction'], Resource: called },
          this.dead.take(),
        ]),
      },
      this.child,
    );
    for (const [part, { when, zone, call }] of entries) {
      new aws.scheduler.Schedule(
        this.named(part),
        {
          name: this.physical(part),
          groupName: group.name,
          scheduleExpression: when,
          scheduleExpressionTimezone: zone,
          flexibleTimeWindow: { mode: 'OFF' },
          target: {
            arn: call.arn,
            roleArn: role.arn,
            // Everything there is to do, for everybody.
            input: '{}',
            retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 },
            deadLetterConfig: { arn: this.dead.arn },
          },
        },
        { ...this.child, dependsOn: rights },
      );
    }
    this.registerOutputs({});
  }
}
