import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import { prefix, tags } from './names.ts';
import { accountId, arnOf, partition, policy, region, sameAccount, type Statement } from './policy.ts';

/** Services that write into our encrypted things by themselves, for this account only: those that mail the owner, and AWS Config. */
const SERVICES = ['events', 'cloudwatch', 'budgets', 'config'];

/** A key of our own (`encryption=kms`): who may use the data is then written twice, and every use is in CloudTrail. */
export class Key extends Component {
  readonly arn: pulumi.Output<string>;
  /** What a function needs to read and write with it. */
  readonly statements: readonly Statement[];
  readonly bucketRule: aws.types.input.s3.BucketServerSideEncryptionConfigurationRule;

  constructor(name: string, options: { readonly keep: boolean }) {
    super('Key', name);
    const guard = { protect: options.keep, retainOnDelete: options.keep };
    const key = new aws.kms.Key(
      name,
      {
        description: `${prefix}: health data`,
        enableKeyRotation: true,
        deletionWindowInDays: options.keep ? 30 : 7,
        policy: keyPolicy(),
        tags,
      },
      { ...this.child, ...guard },
    );
    new aws.kms.Alias(this.named('alias'), { name: `alias/${prefix}`, targetKeyId: key.keyId }, this.child);
    this.arn = key.arn;
    this.statements = [{ Sid: 'UseTheKey', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: [key.arn] }];
    this.bucketRule = {
      applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn },
      // One data key for many objects: without it every object is a request to KMS.
      bucketKeyEnabled: true,
    };
    this.registerOutputs({ arn: this.arn });
  }
}

function keyPolicy(): pulumi.Output<string> {
  const use = ['kms:Decrypt', 'kms:GenerateDataKey*'];
  // Of functions and the API, and of jobs: CloudWatch refuses a group whose name is not among these.
  const groups = ['/aws/*/', '/aws-glue/'].map((start) => arnOf('logs', `log-group:${start}${prefix}*`));
  return policy([
    {
      Sid: 'TheAccountDecides',
      Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
      Action: ['kms:*'],
      Resource: ['*'],
    },
    ...SERVICES.map((service) => ({
      Sid: `For${service}`,
      Principal: { Service: `${service}.amazonaws.com` },
      Action: use,
      Resource: ['*'],
      Condition: sameAccount,
    })),
    {
      Sid: 'ForLogs',
      Principal: { Service: pulumi.interpolate`logs.${region}.amazonaws.com` },
      Action: ['kms:Encrypt', ...use, 'kms:ReEncrypt*', 'kms:DescribeKey'],
      Resource: ['*'],
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
    },
  ]);
}
