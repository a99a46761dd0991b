import * as z from 'zod';

/** Where the recorded stack stands; the account is the one moto plays. */
export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

const here = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
/** What Pulumi appends to a name it makes itself. */
const MADE = '0a1b2c3';
const API = 'a1b2c3d4e5';
const KEY = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';

const inputs = z.looseObject({
  name: z.string().optional(),
  bucket: z.string().optional(),
  bucketPrefix: z.string().optional(),
  key: z.string().optional(),
  eventBusName: z.string().optional(),
  databaseName: z.string().optional(),
  url: z.string().optional(),
});
type Inputs = z.output<typeof inputs>;
type State = Readonly<Record<string, unknown>>;

const arn =
  (service: string, kind: string) =>
  (name: string): State => ({ arn: here(service, `${kind}${name}`) });

const bucketOf = (name: string, { bucket, bucketPrefix }: Inputs): State => {
  const made = bucket ?? `${bucketPrefix ?? `${name}-`}${MADE}`;
  return { id: made, bucket: made, arn: `arn:aws:s3:::${made}` };
};

/** What AWS answers when a resource is made, by type: its ARN and the other outputs a program reads. */
const STATES: Readonly<Record<string, (name: string, inputs: Inputs, logical: string) => State>> = {
  'aws:s3/bucket:Bucket': (_, given, logical) => bucketOf(logical, given),
  'aws:s3/bucketObjectv2:BucketObjectv2': (_, { key }) => ({ id: key, arn: `arn:aws:s3:::made/${key}` }),
  'aws:cloudwatch/eventBus:EventBus': arn('events', 'event-bus/'),
  'aws:cloudwatch/eventRule:EventRule': (name, { eventBusName }) => {
    const bus = eventBusName === undefined ? '' : `${eventBusName}/`;
    return { arn: here('events', `rule/${bus}${name}`) };
  },
  'aws:cloudwatch/eventArchive:EventArchive': arn('events', 'archive/'),
  'aws:cloudwatch/logGroup:LogGroup': arn('logs', 'log-group:'),
  'aws:cloudwatch/metricAlarm:MetricAlarm': arn('cloudwatch', 'alarm:'),
  'aws:sqs/queue:Queue': (name) => {
    const url = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`;
    return { id: url, url, arn: here('sqs', name) };
  },
  'aws:sns/topic:Topic': arn('sns', ''),
  'aws:dynamodb/table:Table': arn('dynamodb', 'table/'),
  'aws:secretsmanager/secret:Secret': (name) => {
    const made = here('secretsmanager', `secret:${name}-AbCdEf`);
    return { id: made, arn: made };
  },
  'aws:iam/role:Role': (name) => ({ id: name, arn: `arn:aws:iam::${ACCOUNT}:role/${name}` }),
  'aws:iam/policy:Policy': (name) => ({ arn: `arn:aws:iam::${ACCOUNT}:policy/${name}` }),
  'aws:iam/openIdConnectProvider:OpenIdConnectProvider': (_, { url = '' }) => ({
    arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/${url.replace('https://', '')}`,
  }),
  'aws:lambda/function:Function': (name) => {
    const made = here('lambda', `function:${name}`);
    const path = `2015-03-31/functions/${made}/invocations`;
    return { id: name, arn: made, invokeArn: `arn:aws:apigateway:${REGION}:lambda:path/${path}` };
  },
  'aws:apigatewayv2/api:Api': () => ({
    id: API,
    arn: `arn:aws:apigateway:${REGION}::/apis/${API}`,
    apiEndpoint: `https://${API}.execute-api.${REGION}.amazonaws.com`,
    executionArn: here('execute-api', API),
  }),
  'aws:glue/workflow:Workflow': arn('glue', 'workflow/'),
  'aws:glue/job:Job': arn('glue', 'job/'),
  'aws:glue/trigger:Trigger': arn('glue', 'trigger/'),
  'aws:glue/crawler:Crawler': arn('glue', 'crawler/'),
  'aws:glue/catalogDatabase:CatalogDatabase': arn('glue', 'database/'),
  'aws:glue/catalogTable:CatalogTable': (name, { databaseName }) => ({
    arn: here('glue', `table/${databaseName}/${name}`),
  }),
  'aws:athena/workgroup:Workgroup': arn('athena', 'workgroup/'),
  'aws:scheduler/scheduleGroup:ScheduleGroup': arn('scheduler', 'schedule-group/'),
  'aws:scheduler/schedule:Schedule': arn('scheduler', 'schedule/'),
  'aws:kms/key:Key': () => ({ id: KEY, keyId: KEY, arn: here('kms', `key/${KEY}`) }),
  'aws:quicksight/dataSource:DataSource': arn('quicksight', 'datasource/'),
  // A remote component: what it makes inside is not seen here, only what it gives back.
  'awsx:cloudtrail:Trail': (name, given, logical) => ({
    bucket: bucketOf(
      logical,
      z.looseObject({ s3Bucket: z.looseObject({ args: inputs }) }).safeParse(given).data?.s3Bucket.args ?? {},
    ),
    trail: { name, arn: here('cloudtrail', `trail/${name}`) },
  }),
};

/** What AWS adds to what was asked for; nothing yet in a preview. */
export function madeOf(type: string, logical: string, given: unknown, preview: boolean): State {
  if (preview) return {};
  const asked = inputs.parse(given);
  const made = STATES[type]?.(nameOf(asked, logical), asked, logical) ?? {};
  return { id: `${logical}-id`, ...made };
}

/** The outputs of a new resource as the program gets them; in a preview only those that were given as texts. */
export function stateOf(
  type: string,
  logical: string,
  given: unknown,
  preview: boolean,
): { id: string | undefined; state: State } {
  if (preview) {
    const texts = Object.entries(z.looseObject({}).parse(given)).filter(([, value]) => typeof value === 'string');
    return { id: undefined, state: Object.fromEntries(texts) };
  }
  const asked = inputs.parse(given);
  const made = madeOf(type, logical, given, preview);
  return { id: String(made['id']), state: { ...asked, name: nameOf(asked, logical), ...made } };
}

const nameOf = ({ name }: Inputs, logical: string): string => name ?? `${logical}-${MADE}`;

/** What functions of the provider answer; one nobody expected is a mistake of the program or of this table. */
export const ANSWERS: Readonly<Record<string, State>> = {
  'aws:index/getCallerIdentity:getCallerIdentity': {
    accountId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:root`,
    userId: 'made-up',
  },
  'aws:index/getRegion:getRegion': { region: REGION, name: REGION, id: REGION },
  'aws:index/getPartition:getPartition': { partition: 'aws', dnsSuffix: 'amazonaws.com', id: 'aws' },
  'aws:secretsmanager/getRandomPassword:getRandomPassword': { randomPassword: 'drawn-by-aws' },
};
