/**
 * Requests of one call of a running function to other services, as `test/aws/calls.test.ts` counts them between the real bundle and moto,
 * with one person and nothing to do.
 */
export const calls = {
  push: { 's3:PutObject': 1, 'events:PutEvents': 1 },
  page: {},
  collect: { 'dynamodb:Query': 1 },
  summarize: { 'dynamodb:Query': 2 },
  sweep: {
    's3:ListBucket': 11,
    'dynamodb:GetItem': 5,
    'dynamodb:UpdateItem': 4,
    'dynamodb:Query': 20,
    'dynamodb:PutItem': 2,
  },
  forget: { 'dynamodb:Query': 2, 'dynamodb:GetItem': 1, 'dynamodb:UpdateItem': 2 },
  readings: { 'dynamodb:UpdateItem': 2, 'dynamodb:GetItem': 1, 's3:ListBucket': 1, 'dynamodb:Query': 1 },
} as const satisfies Readonly<Record<string, Readonly<Record<string, number>>>>;

export type CallName = keyof typeof calls;

export const isCall = (name: string): name is CallName => name in calls;

const KINDS = {
  s3Writes: ['s3:PutObject', 's3:ListBucket', 's3:ListBucketVersions'],
  stateReads: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchGetItem'],
  stateWrites: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
} as const;

/** How many requests of a kind one call makes. */
export function callsOf(name: CallName, kind: keyof typeof KINDS): number {
  const named: readonly string[] = KINDS[kind];
  return Object.entries(calls[name]).reduce((sum, [operation, n]) => sum + (named.includes(operation) ? n : 0), 0);
}
