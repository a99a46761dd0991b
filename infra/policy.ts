import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

type Condition = Readonly<Record<string, Readonly<Record<string, pulumi.Input<string> | pulumi.Input<string>[]>>>>;

/** One statement of an identity policy: what a role may do. */
export interface Statement {
  readonly Sid: string;
  /** A right that no other statement can give. */
  readonly Effect?: 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly pulumi.Input<string>[];
  readonly Condition?: Condition;
}

/** One statement of a resource policy: who may do something with it. */
export interface ResourceStatement {
  readonly Sid: string;
  readonly Effect?: 'Allow' | 'Deny';
  readonly Principal: '*' | { readonly Service: pulumi.Input<string> } | { readonly AWS: pulumi.Input<string> };
  readonly Action: readonly string[];
  readonly Resource: readonly pulumi.Input<string>[];
  readonly Condition?: Condition;
}

/** What a component hands to whoever uses it: variables to find it by, and the rights to use it. */
export interface Grant<Name extends string = string> {
  readonly environment: Readonly<Record<Name, pulumi.Input<string>>>;
  readonly statements: readonly Statement[];
}

const identity = aws.getCallerIdentityOutput();
const here = aws.getRegionOutput();

export const accountId = identity.accountId;
export const region = here.region;
/** `aws`; others in China and for the government. */
export const { partition } = aws.getPartitionOutput();

/** `arn:aws:<service>:<region>:<account>:<rest>`. */
export function arnOf(service: string, rest: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partition}:${service}:${region}:${accountId}:${rest}`;
}

/** A policy as JSON that tests can parse; no call to a provider is made for it. */
export function policy(statements: readonly (Statement | ResourceStatement)[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  });
}

/** Only calls a service makes for this account: without it another account's resource could make it act here (confused deputy). */
export const sameAccount = { StringEquals: { 'aws:SourceAccount': accountId } } satisfies Condition;

/** Only calls a service makes for one resource of this account. */
export function onlyFor(arn: pulumi.Input<string>): Condition {
  return { StringEquals: { 'aws:SourceAccount': accountId }, ArnLike: { 'aws:SourceArn': arn } };
}

/** The trust policy of a role that one AWS service takes on. */
export function trust(service: string, condition?: Condition): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: ['sts:AssumeRole'],
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  });
}

/** The statements of a role: one that several grants share is stated once, two different ones under one name are a mistake of the program. */
export function merged(statements: readonly Statement[]): readonly Statement[] {
  const once = [...new Set(statements)];
  const twice = once.find(({ Sid }, at) => once.findIndex((other) => other.Sid === Sid) !== at);
  if (twice !== undefined) throw new pulumi.RunError(`Two statements of one role are called ${twice.Sid}.`);
  return once;
}
