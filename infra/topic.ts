import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { Key } from './key.ts';
import { tags } from './names.ts';
import { type Grant, policy, sameAccount } from './policy.ts';

export interface TopicOptions {
  readonly key: Key | undefined;
  readonly emails?: readonly string[];
}

/** An SNS topic. */
export class Topic extends Component {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { key, emails = [] }: TopicOptions) {
    super('Topic', name);
    const sealed = key === undefined ? {} : { kmsMasterKeyId: key.arn };
    const topic = new aws.sns.Topic(name, { name: this.physical(name), ...sealed, tags }, this.child);
    this.arn = topic.arn;
    for (const email of emails) {
      new aws.sns.TopicSubscription(
        this.named(email),
        { topic: topic.arn, protocol: 'email', endpoint: email },
        this.child,
      );
    }
    this.registerOutputs({ arn: this.arn });
  }

  /** Lets alarms, the budget and rules of EventBridge publish. A policy replaces the default one, so every publisher is named. */
  acceptFrom(rules: readonly pulumi.Input<string>[]): void {
    const services = [
      { Sid: 'Alarms', Service: 'cloudwatch.amazonaws.com', Condition: sameAccount },
      { Sid: 'Budget', Service: 'budgets.amazonaws.com', Condition: sameAccount },
      ...rules.map((rule, at) => ({
        Sid: `Rule${at + 1}`,
        Service: 'events.amazonaws.com',
        Condition: { ArnLike: { 'aws:SourceArn': rule } },
      })),
    ];
    const statements = services.map(({ Sid, Service, Condition }) => ({
      Sid,
      Principal: { Service },
      Action: ['sns:Publish'],
      Resource: [this.arn],
      Condition,
    }));
    new aws.sns.TopicPolicy(this.named('policy'), { arn: this.arn, policy: policy(statements) }, this.child);
  }

  /** Publishes a message. */
  publish(): Grant<'SUMMARY_TOPIC'> {
    return {
      environment: { SUMMARY_TOPIC: this.arn },
      statements: [{ Sid: 'PublishSummary', Action: ['sns:Publish'], Resource: [this.arn] }],
    };
  }

  /** Ends people's own subscriptions, or leaves them to whoever shares the address. */
  unsubscribe(): Grant<'SUMMARY_TOPIC'> {
    const Action = ['sns:SetSubscriptionAttributes', 'sns:Unsubscribe'];
    // Rights to a subscription cannot be narrowed: topics are the only resources SNS knows.
    return {
      environment: { SUMMARY_TOPIC: this.arn },
      statements: [{ Sid: 'EndSubscriptions', Action, Resource: ['*'] }],
    };
  }

  /** Adds, looks at and ends people's own subscriptions. */
  subscribe(): Grant<'SUMMARY_TOPIC'> {
    const verbs = ['GetSubscriptionAttributes', 'SetSubscriptionAttributes', 'Unsubscribe'];
    return {
      environment: { SUMMARY_TOPIC: this.arn },
      statements: [
        { Sid: 'SubscribePeople', Action: ['sns:Subscribe'], Resource: [this.arn] },
        // Rights to a subscription cannot be narrowed: topics are the only resources SNS knows.
        { Sid: 'KeepSubscriptions', Action: verbs.map((verb) => `sns:${verb}`), Resource: ['*'] },
      ],
    };
  }
}
