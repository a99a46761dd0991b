import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { Function } from './function.ts';
import { tags } from './names.ts';
import type { Grant } from './policy.ts';
import { acceptEvents, DeadLetters } from './queue.ts';

export interface WorkOptions {
  /** How long the function may take, in seconds. */
  readonly timeoutS: number;
  /** Tries before a message is a dead letter. */
  readonly tries: number;
}

/** A queue of things to be done by one function, and the dead letters of it. */
export class Work extends Component {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly dead: DeadLetters;

  constructor(name: string, { timeoutS, tries }: WorkOptions) {
    super('Work', name);
    this.dead = new DeadLetters(`${name}-failed`, this);
    const queue = new aws.sqs.Queue(
      name,
      {
        name: this.physical(name),
        sqsManagedSseEnabled: true,
        // Six times the function's time, as AWS asks: no message is given out again while it is worked on.
        visibilityTimeoutSeconds: 6 * timeoutS,
        messageRetentionSeconds: 14 * 86_400,
        redrivePolicy: this.dead.arn.apply((deadLetterTargetArn) =>
          JSON.stringify({ deadLetterTargetArn, maxReceiveCount: tries }),
        ),
        tags,
      },
      this.child,
    );
    this.arn = queue.arn;
    this.url = queue.id;
    this.registerOutputs({ arn: this.arn });
  }

  /** Lets rules of EventBridge put their events here. */
  fedBy(rules: readonly pulumi.Input<string>[]): void {
    acceptEvents(this.named('policy'), this, rules, this.child);
  }

  /** Hands messages to the function: each is done or given back on its own. */
  doneBy(worker: Function): void {
    new aws.lambda.EventSourceMapping(
      this.named('worker'),
      {
        eventSourceArn: this.arn,
        functionName: worker.functionName,
        batchSize: 10,
        maximumBatchingWindowInSeconds: 5,
        functionResponseTypes: ['ReportBatchItemFailures'],
        // The least there can be: providers count requests, so more workers would only wait for each other.
        scalingConfig: { maximumConcurrency: 2 },
      },
      this.child,
    );
  }

  /** Takes messages and says which are done. */
  take(): Grant<never> {
    const Action = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    return { environment: {}, statements: [{ Sid: 'TakeWork', Action, Resource: [this.arn] }] };
  }
}
