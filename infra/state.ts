import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import { Component } from './component.ts';
import type { Key } from './key.ts';
import { tags } from './names.ts';
import type { Grant } from './policy.ts';

/** Only rows of these kinds. */
const within = (...kinds: readonly string[]) => ({
  'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [...kinds] },
});

/** Records, leases, counters and readings in one table: `kind` and `id` are its keys. */
export class State extends Component {
  readonly table: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, options: { readonly key: Key | undefined; readonly keep: boolean }) {
    super('State', name);
    const guard = { protect: options.keep, retainOnDelete: options.keep };
    const table = new aws.dynamodb.Table(
      name,
      {
        name: this.physical('state'),
        billingMode: 'PAY_PER_REQUEST',
        hashKey: 'kind',
        rangeKey: 'id',
        attributes: [
          { name: 'kind', type: 'S' },
          { name: 'id', type: 'S' },
        ],
        ttl: { attributeName: 'ttl', enabled: true },
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true, ...(options.key === undefined ? {} : { kmsKeyArn: options.key.arn }) },
        deletionProtectionEnabled: options.keep,
        tags,
      },
      { ...this.child, ...guard },
    );
    this.table = table.name;
    this.arn = table.arn;
    this.registerOutputs({ table: this.table, arn: this.arn });
  }

  /** Records, leases, counters and single readings. */
  write(): Grant<'STATE_TABLE'> {
    const verbs = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'];
    return this.#grant('WriteState', verbs);
  }

  /** Brings the copy of published rows up to what a batch changed. */
  copy(): Grant<'STATE_TABLE'> {
    return this.#grant('CopyRows', ['BatchGetItem', 'BatchWriteItem']);
  }

  /** Holds leases and notes how a batch ended; sees nothing of people. */
  batches(): Grant<'STATE_TABLE'> {
    const Resource = [this.arn];
    const notes = ['GetItem', 'PutItem', 'DeleteItem'].map((verb) => `dynamodb:${verb}`);
    return {
      environment: { STATE_TABLE: this.table },
      statements: [
        { Sid: 'HoldLease', Action: ['dynamodb:UpdateItem'], Resource, Condition: within('#lease') },
        // With a record its kind is noted (`ports/state/dynamodb-kinds.ts`).
        { Sid: 'NoteBatch', Action: notes, Resource, Condition: within('batch', '#kind') },
      ],
    };
  }

  #grant(Sid: string, verbs: readonly string[]): Grant<'STATE_TABLE'> {
    const Action = verbs.map((verb) => `dynamodb:${verb}`);
    return { environment: { STATE_TABLE: this.table }, statements: [{ Sid, Action, Resource: [this.arn] }] };
  }
}
