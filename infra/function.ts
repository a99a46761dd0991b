import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { Key } from './key.ts';
import { tags } from './names.ts';
import { accountId, type Grant, merged, policy, type Statement, trust } from './policy.ts';
import type { DeadLetters } from './queue.ts';
import type { Shape } from './shapes.ts';

export interface FunctionOptions extends Shape {
  readonly code: pulumi.asset.Archive;
  readonly grants: readonly Grant[];
  /** What the handler reads. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  readonly key: Key | undefined;
  readonly logDays: number;
  /** Where calls go that nobody waited for and that failed three times. */
  readonly dead: DeadLetters;
}

/** The one way to make a Lambda: its own role, a log group that ends, the bundle, the environment, and the rights of its grants. */
export class Function extends Component {
  readonly arn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly invokeArn: pulumi.Output<string>;

  constructor(name: string, options: FunctionOptions, parent: pulumi.ComponentResource) {
    super('Function', name, { parent });
    const { key, dead } = options;
    const physical = this.physical(name);
    const logs = new aws.cloudwatch.LogGroup(
      this.named('logs'),
      {
        name: `/aws/lambda/${physical}`,
        retentionInDays: options.logDays,
        ...(key === undefined ? {} : { kmsKeyId: key.arn }),
        tags,
      },
      this.child,
    );
    const role = new aws.iam.Role(
      this.named('role'),
      { name: physical, assumeRolePolicy: trust('lambda.amazonaws.com'), tags },
      this.child,
    );
    const granted = options.grants.flatMap(({ statements }) => statements);
    const all = [writeLogs(logs), ...granted, dead.take(), ...(key?.statements ?? [])];
    const rights = new aws.iam.RolePolicy(
      this.named('rights'),
      { role: role.name, policy: policy(merged(all)) },
      this.child,
    );
    const made = new aws.lambda.Function(
      name,
      {
        name: physical,
        description: options.description,
        role: role.arn,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ['arm64'],
        handler: 'index.handler',
        code: options.code,
        memorySize: options.memoryMb,
        timeout: options.timeoutS,
        ...(options.diskMb === undefined ? {} : { ephemeralStorage: { size: options.diskMb } }),
        environment: { variables: { ...options.environment } },
        loggingConfig: { logFormat: 'JSON', logGroup: logs.name, applicationLogLevel: 'INFO', systemLogLevel: 'WARN' },
        tags,
      },
      { ...this.child, dependsOn: rights },
    );
    new aws.lambda.FunctionEventInvokeConfig(
      this.named('retries'),
      {
        functionName: made.name,
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: 3600,
        destinationConfig: { onFailure: { destination: dead.arn } },
      },
      this.child,
    );
    this.arn = made.arn;
    this.functionName = made.name;
    this.invokeArn = made.invokeArn;
    this.registerOutputs({ arn: this.arn });
  }

  /** Calls it and waits for its answer. */
  call(): Statement {
    return { Sid: 'CallFunction', Action: ['lambda:InvokeFunction'], Resource: [this.arn] };
  }

  /** Lets one service call it, for one of our resources. */
  allow(part: string, service: string, sourceArn: pulumi.Input<string>): aws.lambda.Permission {
    return new aws.lambda.Permission(
      this.named(part),
      {
        function: this.functionName,
        action: 'lambda:InvokeFunction',
        principal: service,
        sourceArn,
        // The ARN of a bucket names no account; those of rules and APIs do, and not every service says it a second time.
        ...(service === 's3.amazonaws.com' ? { sourceAccount: accountId } : {}),
      },
      this.child,
    );
  }
}

/** Without the right to make the group: one that Lambda made again after `pulumi destroy` would stay for ever. */
function writeLogs(logs: aws.cloudwatch.LogGroup): Statement {
  return {
    Sid: 'WriteLogs',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: [pulumi.interpolate`${logs.arn}:*`],
  };
}
