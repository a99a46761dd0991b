import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { Code } from './code.ts';
import { Component } from './component.ts';
import type { Key } from './key.ts';
import type { Lake } from './lake.ts';
import { prefix, tags } from './names.ts';
import { arnOf, merged, policy, sameAccount, type Statement, trust } from './policy.ts';

export interface JobRoleOptions {
  readonly key: Key | undefined;
  readonly lake: Lake;
  readonly code: Code;
  readonly logDays: number;
  readonly statements: readonly Statement[];
}

/** What jobs of Glue run as, and the two log groups they write to: what every job needs beside its own statements. */
export class JobRole extends Component {
  readonly arn: pulumi.Output<string>;
  readonly logPrefix: string;

  constructor(name: string, options: JobRoleOptions, parent: pulumi.ComponentResource) {
    super('JobRole', name, { parent });
    const { key, lake, code, logDays, statements } = options;
    this.logPrefix = `/aws-glue/${prefix}/${name}`;
    for (const part of ['output', 'error']) {
      new aws.cloudwatch.LogGroup(
        this.named(part),
        {
          name: `${this.logPrefix}/${part}`,
          retentionInDays: logDays,
          ...(key === undefined ? {} : { kmsKeyId: key.arn }),
          tags,
        },
        this.child,
      );
    }
    const role = new aws.iam.Role(
      this.named('role'),
      { name: this.physical(name), assumeRolePolicy: trust('glue.amazonaws.com', sameAccount), tags },
      this.child,
    );
    const tables = lake.tables.below('tables/');
    const shared: readonly Statement[] = [
      code.read(),
      // S3 takes back what an unfinished commit wrote, and old snapshots go.
      {
        Sid: 'WriteTables',
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        Resource: [tables],
      },
      { Sid: 'ListLake', Action: ['s3:ListBucket', 's3:GetBucketLocation'], Resource: [lake.tables.arn] },
      // Glue asks for a group before it writes, and also writes to account-wide ones, which it makes when they are missing.
      {
        Sid: 'WriteLogs',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [`${this.logPrefix}/*`, '/aws-glue/jobs/*'].map((group) => arnOf('logs', `log-group:${group}`)),
      },
      ...(key?.statements ?? []),
    ];
    new aws.iam.RolePolicy(
      this.named('rights'),
      { role: role.name, policy: policy(merged([...shared, ...statements])) },
      this.child,
    );
    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
