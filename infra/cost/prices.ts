/** What AWS takes for so many of a unit a month, and how many of them are free every month, for good and not for a first year. */
export interface Price {
  readonly service: string;
  readonly unit: string;
  readonly usd: number;
  readonly per: number;
  readonly free: number;
  /** Where it was read, and of when it is. */
  readonly source: string;
}

const MILLION = 1_000_000;
const [FILES, GLUE, LAMBDA, EVENTS] = [
  'infracost price files 95ba4f49a, 2024-07',
  "AWS's Glue price page, 2026-09",
  "AWS's Lambda price page, 2026",
  'cloudburn.io on EventBridge, 2026-03',
];
const ATHENA = 'athena.guide, 2026';
const price = (service: string, unit: string, usd: number, per: number, source: string, free = 0): Price => ({
  service,
  unit,
  usd,
  per,
  free,
  source,
});

/** List prices of us-east-1 in dollars; Europe is 0 to 20 % dearer. Gathered on 2026-11-20 and 21. */
export const prices = {
  spark: price('Glue', 'DPU hours of Spark jobs', 0.44, 1, GLUE),
  caller: price('Glue', 'DPU hours of the job that waits', 0.44, 1, GLUE),
  crawler: price('Glue', 'DPU hours of the crawler', 0.44, 1, GLUE),
  catalog: price('Glue', 'requests to the catalog', 1, MILLION, GLUE, MILLION),
  secret: price('Secrets Manager', 'secrets', 0.4, 1, 'api-evangelist, 2026-09'),
  secretCalls: price('Secrets Manager', 'requests', 0.05, 10_000, 'api-evangelist, 2026-09'),
  s3Writes: price('S3', 'PUT, POST and LIST requests', 0.005, 1000, FILES),
  s3Reads: price('S3', 'GET requests', 0.0004, 1000, FILES),
  s3Storage: price('S3', 'GB stored', 0.023, 1, FILES),
  stateWrites: price('DynamoDB', 'write units', 0.625, MILLION, 'infracost price files 95ba4f49a, 2024-11'),
  stateReads: price('DynamoDB', 'read units', 0.125, MILLION, 'infracost price files 95ba4f49a, 2024-11'),
  stateStorage: price('DynamoDB', 'GB stored', 0.25, 1, FILES, 25),
  stateRecovery: price('DynamoDB', 'GB that can be restored', 0.2, 1, FILES),
  api: price('API Gateway', 'requests', 1, MILLION, FILES),
  calls: price('Lambda', 'calls', 0.2, MILLION, LAMBDA, MILLION),
  computing: price('Lambda', 'GB seconds', 0.0000133334, 1, LAMBDA, 400_000),
  events: price('EventBridge', 'events', 1, MILLION, EVENTS),
  archive: price('EventBridge', 'GB archived', 0.1, 1, EVENTS),
  archived: price('EventBridge', 'GB in the archive', 0.023, 1, EVENTS),
  schedules: price('EventBridge', 'calls by the clock', 1, MILLION, EVENTS, 14 * MILLION),
  queue: price('SQS', 'requests', 0.4, MILLION, FILES, MILLION),
  mail: price('SNS', 'mails', 2, 100_000, FILES, 1000),
  logs: price('CloudWatch', 'GB of logs', 0.5, 1, FILES),
  alarm: price('CloudWatch', 'alarms', 0.1, 1, FILES, 10),
  metric: price('CloudWatch', 'metrics of our own', 0.3, 1, "AWS's CloudWatch price page", 10),
  dashboard: price('CloudWatch', 'dashboards', 3, 1, FILES, 3),
  trail: price('CloudTrail', 'data events', 0.1, 100_000, FILES),
  key: price('KMS', 'keys', 1, 1, FILES),
  keyCalls: price('KMS', 'requests', 0.03, 10_000, FILES, 20_000),
  scanned: price('Athena', 'TB read', 5, 1, ATHENA),
  recorded: price('Config', 'changes noted daily', 0.012, 1, 'cloudgauge.app, 2026'),
  author: price('QuickSight', 'authors', 24, 1, 'api-evangelist, 2026-10'),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof prices;
