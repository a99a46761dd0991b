import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import { prefix, tags } from './names.ts';
import type { Grant } from './policy.ts';
import { DeadLetters } from './queue.ts';

/** The stack's own event bus: claim checks only, never what was measured, kept some days to be replayed. */
export class Bus extends Component {
  readonly busName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** Events no rule could deliver. */
  readonly dead: DeadLetters;

  constructor(name: string, { archiveDays }: { readonly archiveDays: number }) {
    super('Bus', name);
    const bus = new aws.cloudwatch.EventBus(name, { name: prefix, tags }, this.child);
    this.busName = bus.name;
    this.arn = bus.arn;
    new aws.cloudwatch.EventArchive(
      this.named('archive'),
      { name: this.physical('archive'), eventSourceArn: bus.arn, retentionDays: archiveDays },
      this.child,
    );
    this.dead = new DeadLetters('undelivered', this);
    this.registerOutputs({ name: this.busName, arn: this.arn });
  }

  /** Publishes wellspring's own events. */
  publish(): Grant<'BUS'> {
    return {
      environment: { BUS: this.busName },
      statements: [
        {
          Sid: 'PublishEvents',
          Action: ['events:PutEvents'],
          Resource: [this.arn],
          Condition: { StringEquals: { 'events:source': 'wellspring' } },
        },
      ],
    };
  }
}
