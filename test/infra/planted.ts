import * as z from 'zod';
import type { Resource, Stack } from '../../infra/rules/rule.ts';

/** A mistake, and the one rule that says so. */
export interface Planted {
  readonly rule: string;
  readonly mistake: string;
  readonly plant: (stack: Stack) => Stack;
}

const computes = (one: Resource) => /^transform(-|$)/.test(one.name) && one.urn.includes('infra:Function');

type Props = Readonly<Record<string, unknown>>;

const without = (all: Props, key: string): Props =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name !== key));

/** The first resource of a type (whose name fits) made differently; without one, nothing was planted and the test would show nothing. */
function change(type: string, to: (one: Resource) => readonly Resource[], name = /./): (stack: Stack) => Stack {
  return (stack) => {
    const found = stack.resources.find((one) => one.type === type && name.test(one.name));
    if (found === undefined) throw new Error(`There is no ${type} ${String(name)}.`);
    return { ...stack, resources: stack.resources.flatMap((one) => (one === found ? to(one) : [one])) };
  };
}
const remove = (type: string, name?: RegExp) => change(type, () => [], name);
const set = (type: string, props: Props, name?: RegExp) =>
  change(type, (one) => [{ ...one, props: { ...one.props, ...props } }], name);
const opts = (type: string, other: Partial<Resource['opts']>, name?: RegExp) =>
  change(type, (one) => [{ ...one, opts: { ...one.opts, ...other } }], name);

const policy = z.object({ Version: z.string(), Statement: z.array(z.record(z.string(), z.unknown())) });
/** Every statement of a policy written differently. */
const state = (type: string, property: string, to: (one: Props) => Props, name?: RegExp) =>
  change(
    type,
    (one) => {
      const { Version, Statement } = policy.parse(JSON.parse(String(one.props[property])));
      return [
        { ...one, props: { ...one.props, [property]: JSON.stringify({ Version, Statement: Statement.map(to) }) } },
      ];
    },
    name,
  );
const variables = (to: (all: Props) => Props, name: RegExp) =>
  change(
    'aws:lambda/function:Function',
    (one) => {
      const { environment } = z
        .object({ environment: z.object({ variables: z.record(z.string(), z.unknown()) }) })
        .parse(one.props);
      return [{ ...one, props: { ...one.props, environment: { variables: to(environment.variables) } } }];
    },
    name,
  );

const TRIGGER = 'aws:glue/trigger:Trigger';
const FUNCTION = 'aws:lambda/function:Function';
const RIGHTS = 'aws:iam/rolePolicy:RolePolicy';
const start = /start/;

export const planted: readonly Planted[] = [
  {
    rule: 'alarms',
    mistake: 'no alarm at failures',
    plant: remove('aws:cloudwatch/metricAlarm:MetricAlarm', /errors$/),
  },
  {
    rule: 'alarms',
    mistake: 'an alarm nobody gets',
    plant: set('aws:cloudwatch/metricAlarm:MetricAlarm', { alarmActions: [] }, /errors$/),
  },
  {
    rule: 'alarms',
    mistake: 'a function a job calls, and nobody hears that it fails',
    plant: remove('aws:cloudwatch/metricAlarm:MetricAlarm', /transform-errors$/),
  },
  { rule: 'batch', mistake: '`enabled` on the EVENT trigger', plant: set(TRIGGER, { enabled: true }, start) },
  { rule: 'batch', mistake: 'a change of `enabled` not ignored', plant: opts(TRIGGER, { ignoreChanges: [] }, start) },
  {
    rule: 'batch',
    mistake: 'a batch of nothing',
    plant: set(TRIGGER, { eventBatchingConditions: [{ batchSize: 0, batchWindow: 900 }] }, start),
  },
  { rule: 'batch', mistake: 'two runs at once', plant: set('aws:glue/workflow:Workflow', { maxConcurrentRuns: 2 }) },
  {
    rule: 'confused-deputy',
    mistake: 'a queue that takes messages for any rule',
    plant: state('aws:sqs/queuePolicy:QueuePolicy', 'policy', (one) => ({ ...one, Condition: {} })),
  },
  {
    rule: 'confused-deputy',
    mistake: 'a role any account can have taken on',
    plant: state('aws:iam/role:Role', 'assumeRolePolicy', (one) => without(one, 'Condition'), /^schedules/),
  },
  {
    rule: 'confused-deputy',
    mistake: 'a function any API may call',
    plant: change('aws:lambda/permission:Permission', (one) => [
      { ...one, props: { ...one.props, sourceArn: undefined } },
    ]),
  },
  {
    rule: 'dead-letters',
    mistake: 'a target without them',
    plant: set('aws:cloudwatch/eventTarget:EventTarget', { deadLetterConfig: undefined }),
  },
  {
    rule: 'dead-letters',
    mistake: 'calls that are not kept',
    plant: remove('aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig'),
  },
  {
    rule: 'dead-letters',
    mistake: 'one bad message spoils its batch',
    plant: set('aws:lambda/eventSourceMapping:EventSourceMapping', { functionResponseTypes: [] }),
  },
  {
    rule: 'encryption',
    mistake: 'an unencrypted bucket',
    plant: remove('aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration'),
  },
  {
    rule: 'encryption',
    mistake: 'an unencrypted queue',
    plant: set('aws:sqs/queue:Queue', { sqsManagedSseEnabled: false }),
  },
  {
    rule: 'environment',
    mistake: 'a missing variable',
    plant: variables((all) => without(all, 'RAW_BUCKET'), /^receive$/),
  },
  {
    rule: 'environment',
    mistake: 'a variable nobody reads',
    plant: variables((all) => ({ ...all, STATE_TABLE: 'x' }), /^receive$/),
  },
  {
    rule: 'environment',
    mistake: 'a number that is none',
    plant: variables((all) => ({ ...all, LOOKBACK_DAYS: 'seven' }), /^collect$/),
  },
  {
    rule: 'environment',
    mistake: 'a job that calls nobody',
    plant: (stack) => {
      if (!stack.resources.some(computes)) throw new Error('There is no function transform.');
      return { ...stack, resources: stack.resources.filter((one) => !computes(one)) };
    },
  },
  {
    rule: 'erasure',
    mistake: 'an import that can delete versions',
    plant: state(
      RIGHTS,
      'policy',
      (one) => ({ ...one, Action: [...z.array(z.string()).parse(one['Action']), 's3:DeleteObjectVersion'] }),
      /^import/,
    ),
  },
  {
    rule: 'everything',
    mistake: 'a `*` resource',
    plant: state(RIGHTS, 'policy', (one) => ({ ...one, Resource: ['*'] }), /^receive/),
  },
  {
    rule: 'everything',
    mistake: 'a `*` action',
    plant: state(RIGHTS, 'policy', (one) => ({ ...one, Action: ['sqs:*'] }), /^import/),
  },
  {
    rule: 'jobs',
    mistake: 'a job that may hang for days',
    plant: set('aws:glue/job:Job', { timeout: undefined }, /^erase$/),
  },
  {
    rule: 'jobs',
    mistake: 'a job that calls a function twice',
    plant: set('aws:glue/job:Job', { maxRetries: 1 }, /^small$/),
  },
  { rule: 'log-groups', mistake: 'a missing log group', plant: remove('aws:cloudwatch/logGroup:LogGroup', /^receive/) },
  {
    rule: 'log-groups',
    mistake: 'paths in the access log',
    plant: set('aws:apigatewayv2/stage:Stage', { accessLogSettings: { destinationArn: 'x', format: '$context.path' } }),
  },
  {
    rule: 'managed-policies',
    mistake: 'full access of AWS’s making',
    plant: change('aws:iam/role:Role', (one) => [
      one,
      {
        ...one,
        type: 'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
        props: { role: one.props['name'], policyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' },
      },
    ]),
  },
  {
    rule: 'names',
    mistake: 'a name two stacks would fight for',
    plant: set('aws:scheduler/schedule:Schedule', { name: 'daily' }),
  },
  {
    rule: 'outputs-in-texts',
    mistake: 'an Output in a template string',
    plant: set(FUNCTION, { description: 'Calling [toString] on an [Output<T>] is not supported.' }),
  },
  {
    rule: 'outputs-in-texts',
    mistake: 'nothing in a template string',
    plant: set(FUNCTION, { description: 'arn:aws:s3:::undefined/raw' }),
  },
  {
    rule: 'parents',
    mistake: 'a resource on its own',
    plant: change('aws:sns/topic:Topic', (one) => [{ ...one, parent: '' }]),
  },
  {
    rule: 'private-buckets',
    mistake: 'a bucket that can be made public',
    plant: set('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', { blockPublicPolicy: false }, /^raw/),
  },
  {
    rule: 'protect',
    mistake: 'a table that can be destroyed',
    plant: opts('aws:dynamodb/table:Table', { protect: false }),
  },
  {
    rule: 'protect',
    mistake: 'a bucket that can be destroyed',
    plant: opts('aws:s3/bucket:Bucket', { protect: false }, /^raw/),
  },
  {
    rule: 'retention',
    mistake: 'a log for ever',
    plant: set('aws:cloudwatch/logGroup:LogGroup', { retentionInDays: 0 }),
  },
  {
    rule: 'retention',
    mistake: 'old versions for ever',
    plant: remove('aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', /^raw/),
  },
  {
    rule: 'schedules',
    mistake: 'another clock',
    plant: set('aws:scheduler/schedule:Schedule', { scheduleExpressionTimezone: 'Asia/Tokyo' }),
  },
  {
    rule: 'tls-only',
    mistake: 'calls without TLS',
    plant: state('aws:s3/bucketPolicy:BucketPolicy', 'policy', (one) => ({
      ...one,
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    })),
  },
  {
    rule: 'trail',
    mistake: 'a log that can be altered',
    plant: set('awsx:cloudtrail:Trail', { enableLogFileValidation: false }),
  },
  {
    rule: 'versioning',
    mistake: 'a bucket that forgets',
    plant: set(
      'aws:s3/bucketVersioning:BucketVersioning',
      { versioningConfiguration: { status: 'Suspended' } },
      /^raw/,
    ),
  },
];
