import { providers } from '../../providers/index.ts';
import type { Run } from './stack.ts';

const clients = Object.values(providers)
  .filter(({ oauth }) => oauth !== undefined)
  .flatMap(({ id }) => [
    [`${id}ClientId`, `client-of-${id}`],
    [`${id}ClientSecret`, `secret-of-${id}`],
  ]);

/** The stacks the program is held against: nothing set, everything on, a key of our own, the other engine. */
export const STACKS = {
  minimal: { stack: 'dev' },
  everything: {
    stack: 'prod',
    config: {
      ...Object.fromEntries(clients),
      timezone: 'Europe/Paris',
      emails: '["owner@example.org"]',
      providers: JSON.stringify(Object.keys(providers)),
      ownerToken: 'token-of-the-owner',
      batchSize: '10',
      batchWindowSeconds: '300',
      mailDetail: 'full',
      crawlMode: 'workflow',
      logRetentionDays: '90',
      archiveRetentionDays: '60',
      configRecorder: 'true',
      quicksight: 'true',
      quicksightPrincipalArn: 'arn:aws:quicksight:us-east-1:123456789012:user/default/owner',
      githubRepo: 'owner/wellspring',
    },
  },
  kms: { stack: 'prod', config: { encryption: 'kms', crawlMode: 'off', providers: '["apple"]' } },
  spark: { stack: 'prod', config: { engine: 'spark', crawlMode: 'workflow' } },
} as const satisfies Readonly<Record<string, Run>>;
