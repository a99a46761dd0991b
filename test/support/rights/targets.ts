import * as z from 'zod';
import type { Call } from '../../../infra/rules/iam/judge.ts';
import type { ArnOf } from './request.ts';

/** What is read out of a request's JSON body. */
const named = z.looseObject({
  TableName: z.string().optional(),
  SecretId: z.string().optional(),
  Name: z.string().optional(),
  JobName: z.string().optional(),
  DatabaseName: z.string().optional(),
  WorkGroup: z.string().optional(),
  QueryExecutionId: z.string().optional(),
  QueueUrl: z.string().optional(),
});
const events = z.object({
  Entries: z.array(z.object({ EventBusName: z.string(), Source: z.string(), DetailType: z.string() })),
});
const tableName = z.object({ TableName: z.string() });
/** Of the stack's one table: what an item is, its first key. */
const kind = z.object({ kind: z.object({ S: z.string() }) });
const keyed = z.object({ Key: kind.optional(), Item: kind.optional() });
const batch = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const transaction = z.object({ TransactItems: z.array(z.record(z.string(), tableName)) });

/** In a transaction each part is judged as if it came alone. */
const PARTS: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  ConditionCheck: 'ConditionCheckItem',
};
const CATALOG = new Set([
  'GetDatabase',
  'GetTable',
  'GetTables',
  'CreateTable',
  'UpdateTable',
  'DeleteTable',
  'GetPartitions',
]);

type Read = (operation: string, body: unknown, arn: ArnOf, workgroups: ReadonlyMap<string, string>) => readonly Call[];

/** The services that name their operation in `X-Amz-Target`, by what stands before it. */
export const TARGETS: Readonly<Record<string, { readonly service: string; readonly read: Read }>> = {
  DynamoDB_20120810: {
    service: 'dynamodb',
    read(operation, body, arn) {
      const on = (action: string, table: string): Call => ({
        action: `dynamodb:${action}`,
        resource: arn('dynamodb', `table/${table}`),
      });
      if (operation.startsWith('Batch'))
        return Object.keys(batch.parse(body).RequestItems).map((table) => on(operation, table));
      if (!operation.startsWith('Transact')) {
        const { Key, Item } = keyed.parse(body);
        const leading = (Key ?? Item)?.kind.S;
        const context = leading === undefined ? {} : { 'dynamodb:LeadingKeys': leading };
        return [{ ...on(operation, named.parse(body).TableName ?? ''), context }];
      }
      const parts = transaction.parse(body).TransactItems.flatMap((item) => Object.entries(item));
      return parts.map(([part, { TableName }]) => on(PARTS[part] ?? part, TableName));
    },
  },
  secretsmanager: {
    service: 'secretsmanager',
    read(operation, body, arn) {
      const { SecretId, Name = '' } = named.parse(body);
      const action = `secretsmanager:${operation}`;
      if (operation === 'ListSecrets') return [{ action, resource: '*' }];
      const name = SecretId ?? Name;
      // Every secret's ARN ends with a hyphen and six letters.
      return [{ action, resource: name.startsWith('arn:') ? name : arn('secretsmanager', `secret:${name}-AbCdEf`) }];
    },
  },
  AWSEvents: {
    service: 'events',
    read: (operation, body, arn) =>
      events.parse(body).Entries.map(({ EventBusName, Source, DetailType }) => ({
        action: `events:${operation}`,
        resource: EventBusName.startsWith('arn:') ? EventBusName : arn('events', `event-bus/${EventBusName}`),
        context: { 'events:source': Source, 'events:detail-type': DetailType },
      })),
  },
  AWSGlue: {
    service: 'glue',
    read(operation, body, arn) {
      const { Name = '', JobName, DatabaseName } = named.parse(body);
      const action = `glue:${operation}`;
      if (!CATALOG.has(operation))
        return [{ action, resource: arn('glue', JobName === undefined ? `workflow/${Name}` : `job/${JobName}`) }];
      const database = DatabaseName ?? Name;
      const table = DatabaseName === undefined ? [] : [`table/${database}/${Name === '' ? '*' : Name}`];
      return ['catalog', `database/${database}`, ...table].map((rest) => ({ action, resource: arn('glue', rest) }));
    },
  },
  AmazonAthena: {
    service: 'athena',
    read(operation, body, arn, workgroups) {
      const { WorkGroup, QueryExecutionId = '' } = named.parse(body);
      const group = WorkGroup ?? workgroups.get(QueryExecutionId) ?? 'primary';
      return [{ action: `athena:${operation}`, resource: arn('athena', `workgroup/${group}`) }];
    },
  },
  AmazonSQS: {
    service: 'sqs',
    read(operation, body, arn) {
      const queue = named.parse(body).QueueUrl?.split('/').at(-1) ?? '';
      return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource: arn('sqs', queue) }];
    },
  },
};

/** SNS knows no subscription as a resource: what is about one is judged as about everything. */
const ABOUT_ONE = ['Unsubscribe', 'GetSubscriptionAttributes', 'SetSubscriptionAttributes'];

/** SNS names its operation and everything else in a form. */
export function snsCalls(body: string): readonly Call[] {
  const form = new URLSearchParams(body);
  const operation = form.get('Action') ?? '';
  const topic = ABOUT_ONE.includes(operation) ? null : form.get('TopicArn');
  return [{ action: `sns:${operation}`, resource: topic ?? '*' }];
}
