import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { Key } from './key.ts';
import { prefix, tags } from './names.ts';
import { policy, type ResourceStatement } from './policy.ts';

type LifecycleRule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** Objects below a prefix, or with a tag, go after so many days. Not both in one: the provider then waits for a size of 0 that it sent along. */
type Passing = { readonly days: number } & (
  | { readonly prefix: string }
  | { readonly tag: { readonly key: string; readonly value: string } }
);

export interface BucketOptions {
  readonly key: Key | undefined;
  /** Whether `pulumi destroy` is refused, and the bucket stays when it leaves the program; otherwise its objects go with it. */
  readonly keep: boolean;
  /** Days a deleted or replaced version is kept: a mistake can be taken back so long, and nothing is gone before. */
  readonly oldDays: number;
  /** What does not stay. */
  readonly passing?: readonly Passing[];
  /** Beside the refusal of calls without TLS. */
  readonly statements?: (arn: pulumi.Output<string>) => readonly ResourceStatement[];
}

/** A private bucket: versioned, encrypted, owner-enforced, TLS only. */
export class Bucket extends Component {
  readonly bucket: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, options: BucketOptions, parent: pulumi.ComponentResource) {
    super('Bucket', name, { parent });
    const guard = { protect: options.keep, retainOnDelete: options.keep };
    // S3 adds letters of its own: names of buckets are the whole world's.
    const bucketPrefix = `${prefix}-${name}-`;
    const made = new aws.s3.Bucket(
      name,
      { bucketPrefix, forceDestroy: !options.keep, tags },
      { ...this.child, ...guard },
    );
    const { bucket, arn } = made;
    // One after another: S3 refuses two changes of a new bucket at once (OperationAborted).
    const owner = new aws.s3.BucketOwnershipControls(
      this.named('owner'),
      { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } },
      this.child,
    );
    const block = new aws.s3.BucketPublicAccessBlock(
      this.named('private'),
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      { ...this.child, dependsOn: owner },
    );
    const versions = new aws.s3.BucketVersioning(
      this.named('versions'),
      { bucket, versioningConfiguration: { status: 'Enabled' } },
      { ...this.child, dependsOn: block },
    );
    const sealed = new aws.s3.BucketServerSideEncryptionConfiguration(
      this.named('encryption'),
      {
        bucket,
        rules: [options.key?.bucketRule ?? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
      },
      { ...this.child, dependsOn: versions },
    );
    const lifecycle = new aws.s3.BucketLifecycleConfiguration(
      this.named('lifecycle'),
      { bucket, rules: [tidy(options.oldDays), ...(options.passing ?? []).map(expire)] },
      { ...this.child, dependsOn: sealed },
    );
    new aws.s3.BucketPolicy(
      this.named('policy'),
      { bucket, policy: policy([withoutTls(arn), ...(options.statements?.(arn) ?? [])]) },
      { ...this.child, dependsOn: lifecycle },
    );
    this.bucket = bucket;
    this.arn = arn;
    this.registerOutputs({ bucket, arn });
  }

  /** The objects whose keys start so, as a policy names them. */
  below(start: string): pulumi.Output<string> {
    return pulumi.interpolate`${this.arn}/${start}*`;
  }
}

function withoutTls(arn: pulumi.Output<string>): ResourceStatement {
  return {
    Sid: 'RefuseWithoutTls',
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:*'],
    Resource: [arn, pulumi.interpolate`${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** Old versions, their markers and unfinished uploads do not stay for ever. */
function tidy(noncurrentDays: number): LifecycleRule {
  return {
    id: 'tidy',
    status: 'Enabled',
    filter: { prefix: '' },
    expiration: { expiredObjectDeleteMarker: true },
    noncurrentVersionExpiration: { noncurrentDays },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
}

/** In a versioned bucket an expired object is an old version first: a day more, and not the days of the others. */
function expire({ days, ...filter }: Passing): LifecycleRule {
  return {
    id: 'tag' in filter ? filter.tag.key : filter.prefix.replace(/\W+/g, ''),
    status: 'Enabled',
    filter,
    expiration: { days },
    noncurrentVersionExpiration: { noncurrentDays: 1 },
  };
}
