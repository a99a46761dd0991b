import * as aws from '@pulumi/aws';
import * as awsx from '@pulumi/awsx';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { Lake } from './lake.ts';
import { prefix, tags } from './names.ts';
import { accountId, arnOf, partition, policy } from './policy.ts';

const DAYS = 365;

/** CloudTrail over every write and deletion of raw objects, by the awsx component, made stricter than it comes. */
export class Audit extends Component {
  constructor(
    name: string,
    options: { readonly lake: Lake; readonly keep: boolean },
    parent: pulumi.ComponentResource,
  ) {
    super('Audit', name, { parent });
    const trailName = this.physical(name);
    const trailArn = arnOf('cloudtrail', `trail/${trailName}`);
    const { raw } = options.lake;
    const trail = new awsx.cloudtrail.Trail(
      name,
      {
        name: trailName,
        enableLogFileValidation: true,
        includeGlobalServiceEvents: false,
        cloudWatchLogsGroup: { enable: false },
        // awsx would let `pulumi destroy` throw the log away.
        s3Bucket: { args: { forceDestroy: !options.keep, bucketPrefix: `${prefix.slice(0, 30)}-audit-`, tags } },
        advancedEventSelectors: [
          {
            name: 'Writes and deletions of raw objects',
            fieldSelectors: [
              { field: 'eventCategory', equals: ['Data'] },
              { field: 'resources.type', equals: ['AWS::S3::Object'] },
              { field: 'resources.ARN', startsWiths: [pulumi.interpolate`${raw.arn}/`] },
              { field: 'readOnly', equals: ['false'] },
            ],
          },
        ],
        tags,
      },
      {
        ...this.child,
        transforms: [
          // awsx's own policy names no trail (confused deputy) and takes calls without TLS.
          ({ type, props, opts }) =>
            type === 'aws:s3/bucketPolicy:BucketPolicy'
              ? { props: { ...props, policy: bucketPolicy(props['bucket'], trailArn) }, opts }
              : undefined,
        ],
      },
    );
    const bucket = trail.bucket.apply((made) => made?.bucket ?? pulumi.output(''));
    const block = new aws.s3.BucketPublicAccessBlock(
      this.named('private'),
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      // S3 refuses two changes of a new bucket at once: after awsx's own.
      { ...this.child, dependsOn: trail },
    );
    const versions = new aws.s3.BucketVersioning(
      this.named('versions'),
      { bucket, versioningConfiguration: { status: 'Enabled' } },
      { ...this.child, dependsOn: block },
    );
    new aws.s3.BucketLifecycleConfiguration(
      this.named('lifecycle'),
      {
        bucket,
        rules: [
          {
            id: 'expire',
            status: 'Enabled',
            filter: { prefix: '' },
            expiration: { days: DAYS },
            noncurrentVersionExpiration: { noncurrentDays: 30 },
          },
        ],
      },
      { ...this.child, dependsOn: versions },
    );
    this.registerOutputs({ trailArn });
  }
}

function bucketPolicy(bucket: pulumi.Input<string>, trailArn: pulumi.Output<string>): pulumi.Output<string> {
  const arn = pulumi.interpolate`arn:${partition}:s3:::${bucket}`;
  const Principal = { Service: 'cloudtrail.amazonaws.com' };
  return policy([
    {
      Sid: 'LookAtTheBucket',
      Principal,
      Action: ['s3:GetBucketAcl'],
      Resource: [arn],
      Condition: { StringEquals: { 'aws:SourceArn': trailArn } },
    },
    {
      Sid: 'WriteTheLog',
      Principal,
      Action: ['s3:PutObject'],
      Resource: [pulumi.interpolate`${arn}/AWSLogs/${accountId}/*`],
      Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceArn': trailArn } },
    },
    {
      Sid: 'RefuseWithoutTls',
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:*'],
      Resource: [arn, pulumi.interpolate`${arn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
}
