import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import { tags } from './names.ts';
import type { DeadLetters } from './queue.ts';

/** Delivery to a target is tried this often, then the event is a dead letter. */
const RETRY = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 };

/** The lists a field of an event is compared with, at any depth. */
export interface Pattern {
  readonly [field: string]: readonly string[] | Pattern;
}

export interface RouteOptions {
  /** Of the stack's own bus; AWS's own events are on the default one. */
  readonly bus?: pulumi.Input<string>;
  readonly pattern: pulumi.Input<Pattern>;
  readonly to: pulumi.Input<string>;
  /** The role a target wants that has no policy of its own. */
  readonly roleArn?: (rule: pulumi.Output<string>) => pulumi.Input<string>;
  /** A sentence in the place of the event, with fields of it by name. */
  readonly say?: { readonly sentence: string; readonly fields: Readonly<Record<string, string>> };
  readonly dead: DeadLetters;
}

/** One rule and its one target. */
export class Route extends Component {
  readonly ruleArn: pulumi.Output<string>;
  readonly ruleName: pulumi.Output<string>;

  constructor(name: string, options: RouteOptions, parent: pulumi.ComponentResource) {
    super('Route', name, { parent });
    const on = options.bus === undefined ? {} : { eventBusName: options.bus };
    const rule = new aws.cloudwatch.EventRule(
      name,
      { name: this.physical(name), ...on, eventPattern: pulumi.jsonStringify(options.pattern), tags },
      this.child,
    );
    new aws.cloudwatch.EventTarget(
      this.named('target'),
      {
        rule: rule.name,
        // On both: without it the target looks for the rule on the default bus.
        ...on,
        arn: options.to,
        ...(options.roleArn === undefined ? {} : { roleArn: options.roleArn(rule.arn) }),
        ...(options.say === undefined ? {} : { inputTransformer: sentence(options.say) }),
        deadLetterConfig: { arn: options.dead.arn },
        retryPolicy: RETRY,
      },
      this.child,
    );
    this.ruleArn = rule.arn;
    this.ruleName = rule.name;
    this.registerOutputs({ ruleArn: this.ruleArn });
  }
}

function sentence(say: NonNullable<RouteOptions['say']>) {
  // The template is JSON: a text stands in quotes.
  return { inputPaths: { ...say.fields }, inputTemplate: JSON.stringify(say.sentence) };
}
