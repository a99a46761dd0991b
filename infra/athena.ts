import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import type { Catalog } from './catalog.ts';
import { Component } from './component.ts';
import type { Key } from './key.ts';
import type { Lake } from './lake.ts';
import { tags } from './names.ts';
import type { Grant } from './policy.ts';

/** Dollars 5 a terabyte: a query that would read more than this is ended (0.5 cents at most). */
const SCAN_BYTES = 1_073_741_824;

export interface AthenaOptions {
  readonly key: Key | undefined;
  readonly lake: Lake;
  readonly catalog: Catalog;
  /** Queries a person can pick in the console: name and text. */
  readonly queries: Readonly<Record<string, { readonly question: string; readonly sql: string }>>;
}

/** The workgroup people and the program ask their questions in: a limit to what one may read, answers kept for a week. */
export class Athena extends Component {
  readonly workgroup: pulumi.Output<string>;
  readonly #arn: pulumi.Output<string>;
  readonly #options: AthenaOptions;

  constructor(name: string, options: AthenaOptions) {
    super('Athena', name);
    this.#options = options;
    const { key, lake, catalog } = options;
    const group = new aws.athena.Workgroup(
      name,
      {
        name: this.physical('queries'),
        forceDestroy: true,
        configuration: {
          // Whoever asks cannot set another place or no encryption.
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery: SCAN_BYTES,
          engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
          resultConfiguration: {
            outputLocation: pulumi.interpolate`s3://${lake.results.bucket}/answers/`,
            encryptionConfiguration:
              key === undefined ? { encryptionOption: 'SSE_S3' } : { encryptionOption: 'SSE_KMS', kmsKeyArn: key.arn },
          },
        },
        tags,
      },
      this.child,
    );
    this.workgroup = group.name;
    this.#arn = group.arn;
    for (const [part, { question, sql }] of Object.entries(options.queries)) {
      new aws.athena.NamedQuery(
        this.named(part),
        { name: part, description: question, database: catalog.database, workgroup: group.name, query: sql },
        this.child,
      );
    }
    this.registerOutputs({ workgroup: this.workgroup });
  }

  /** Asks questions of the tables. */
  ask(): Grant<'ATHENA_WORKGROUP' | 'DATABASE'> {
    const { lake, catalog } = this.#options;
    const ask = ['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults', 'StopQueryExecution'];
    const write = ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];
    return {
      environment: { ATHENA_WORKGROUP: this.workgroup, DATABASE: catalog.database },
      statements: [
        { Sid: 'AskAthena', Action: ask.map((action) => `athena:${action}`), Resource: [this.#arn] },
        ...catalog.look(),
        // With the rights of whoever asks Athena reads the tables and writes its answer.
        { Sid: 'ReadTables', Action: ['s3:GetObject'], Resource: [lake.tables.below('tables/')] },
        { Sid: 'KeepAnswers', Action: write, Resource: [lake.results.below('answers/')] },
        {
          Sid: 'FindBuckets',
          Action: ['s3:ListBucket', 's3:GetBucketLocation'],
          Resource: [lake.tables.arn, lake.results.arn],
        },
      ],
    };
  }
}
