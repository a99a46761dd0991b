import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Bucket } from './bucket.ts';
import { Component } from './component.ts';
import type { Key } from './key.ts';
import { prefix, tags } from './names.ts';
import { accountId, partition, policy, sameAccount, trust } from './policy.ts';

/** What is recorded: the things a mistake would hurt at. */
const TYPES = ['AWS::S3::Bucket', 'AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::DynamoDB::Table', 'AWS::KMS::Key'];

export interface RecorderOptions {
  readonly key: Key | undefined;
  readonly keep: boolean;
}

/**
 * AWS Config, which takes note of every change of those. One account and region can have one recorder, so it is asked for; as it has a name
 * of its own, AWS refuses it where there is one, and does not change that one into ours.
 */
export class Recorder extends Component {
  constructor(name: string, options: RecorderOptions, parent: pulumi.ComponentResource) {
    super('Recorder', name, { parent });
    const Principal = { Service: 'config.amazonaws.com' };
    const bucket = new Bucket(
      'changes',
      {
        ...options,
        oldDays: 30,
        passing: [{ prefix: 'AWSLogs/', days: 365 }],
        statements: (arn) => [
          {
            Sid: 'LookAtTheBucket',
            Principal,
            Action: ['s3:GetBucketAcl', 's3:ListBucket'],
            Resource: [arn],
            Condition: sameAccount,
          },
          {
            Sid: 'WriteChanges',
            Principal,
            Action: ['s3:PutObject'],
            Resource: [pulumi.interpolate`${arn}/AWSLogs/${accountId}/Config/*`],
            Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', ...sameAccount.StringEquals } },
          },
        ],
      },
      this,
    );
    const role = new aws.iam.Role(
      this.named('role'),
      { name: `${prefix}-recorder`, assumeRolePolicy: trust('config.amazonaws.com', sameAccount), tags },
      this.child,
    );
    const rights = new aws.iam.RolePolicyAttachment(
      this.named('rights'),
      { role: role.name, policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/service-role/AWS_ConfigRole` },
      this.child,
    );
    // It delivers as its role.
    if (options.key !== undefined)
      new aws.iam.RolePolicy(
        this.named('key'),
        { role: role.name, policy: policy(options.key.statements) },
        this.child,
      );
    const recorder = new aws.cfg.Recorder(
      name,
      {
        name: `${prefix}-recorder`,
        roleArn: role.arn,
        recordingGroup: { allSupported: false, includeGlobalResourceTypes: false, resourceTypes: TYPES },
        recordingMode: { recordingFrequency: 'DAILY' },
      },
      { ...this.child, dependsOn: rights },
    );
    const channel = new aws.cfg.DeliveryChannel(
      this.named('channel'),
      { name: `${prefix}-recorder`, s3BucketName: bucket.bucket },
      { ...this.child, dependsOn: [recorder, bucket] },
    );
    new aws.cfg.RecorderStatus(
      this.named('on'),
      { name: recorder.name, isEnabled: true },
      { ...this.child, dependsOn: channel },
    );
    this.registerOutputs({});
  }
}
