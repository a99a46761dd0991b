import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import { tags } from './names.ts';
import { policy, type Statement } from './policy.ts';

const DAY_S = 86_400;

/** A queue of what could not be delivered or done; kept fourteen days, and an alarm looks at its depth. */
export class DeadLetters extends Component {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly queueName: pulumi.Output<string>;

  constructor(name: string, parent: pulumi.ComponentResource) {
    super('DeadLetters', name, { parent });
    const queue = new aws.sqs.Queue(
      name,
      { name: this.physical(name), sqsManagedSseEnabled: true, messageRetentionSeconds: 14 * DAY_S, tags },
      this.child,
    );
    this.arn = queue.arn;
    this.url = queue.id;
    this.queueName = queue.name;
    this.registerOutputs({ arn: this.arn });
  }

  /** Lets a role put there what it failed to do. */
  take(): Statement {
    return { Sid: 'SendDeadLetters', Action: ['sqs:SendMessage'], Resource: [this.arn] };
  }

  /** Lets rules of EventBridge put there what they could not deliver. */
  acceptFrom(rules: readonly pulumi.Input<string>[]): void {
    acceptEvents(this.named('policy'), this, rules, this.child);
  }
}

/** The policy of a queue that rules of EventBridge send to; each is named with its account, so that nobody else's rule may. */
export function acceptEvents(
  name: string,
  queue: { readonly arn: pulumi.Output<string>; readonly url: pulumi.Output<string> },
  rules: readonly pulumi.Input<string>[],
  options: pulumi.CustomResourceOptions,
): aws.sqs.QueuePolicy {
  const statements = rules.map((rule, at) => ({
    Sid: `Rule${at + 1}`,
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['sqs:SendMessage'],
    Resource: [queue.arn],
    Condition: { ArnLike: { 'aws:SourceArn': rule } },
  }));
  return new aws.sqs.QueuePolicy(name, { queueUrl: queue.url, policy: policy(statements) }, options);
}
