import { expect, test } from 'vitest';
import { recordStack, type Recording } from '../support/stack.ts';

// Every mistake of a stack's configuration, all in one: the program says all of them at once and makes nothing.

const refusal = (made: Recording): readonly string[] => {
  expect(made.refused?.kind).toBe('RunError');
  expect(made.resources).toEqual([]);
  return (made.refused?.message ?? '').split('\n').slice(1);
};
/** The line about a key: what is wrong and what to do. */
const about = (lines: readonly string[], key: string) =>
  lines.find((line) => line.startsWith(`  - ${key}: `)) ?? `nothing about ${key}`;

test('unusable values are refused all at once before any resource, each with its key and what it wants', async () => {
  const config = {
    nosuchKey: '1',
    batchSize: '0',
    batchWindowSeconds: '901',
    timezone: 'Europe/Atlantis',
    providers: '["nobody"]',
    emails: '["not an address"]',
    samples: 'perhaps',
    mailDetail: 'everything',
    logRetentionDays: '31',
    crawlMode: 'hourly',
    engine: 'duckdb',
    encryption: 'rot13',
    githubRepo: 'no slash',
    githubProviderArn: 'arn:aws:iam::123456789012:oidc-provider/gitlab.com',
    quicksightPrincipalArn: 'arn:aws:iam::123456789012:user/me',
    ownerToken: 'short',
  };
  const lines = refusal(await recordStack({ config }));
  expect(lines).toHaveLength(Object.keys(config).length);
  expect(about(lines, 'nosuchKey')).toMatch(/no such key.*pulumi config rm nosuchKey/);
  expect(about(lines, 'batchSize')).toMatch(/from 1 to 100.*pulumi config set batchSize/);
  expect(about(lines, 'batchWindowSeconds')).toMatch(/to 900.*pulumi config set batchWindowSeconds/);
  expect(about(lines, 'timezone')).toMatch(/IANA time zone/);
  expect(about(lines, 'providers[0]')).toMatch(/garmin.*pulumi config set --path 'providers\[0\]'/);
  expect(about(lines, 'engine')).toMatch(/one of small, spark.*pulumi config set engine/);
  const lists = new Map([
    ['providers', 'providers[0]'],
    ['emails', 'emails[0]'],
  ]);
  for (const key of Object.keys(config)) expect(about(lines, lists.get(key) ?? key)).toMatch(/pulumi config (set|rm) /);
}, 300_000);

test('keys that contradict each other are refused all at once before any resource', async () => {
  const config = {
    batchSize: '100',
    quicksight: 'true',
    providers: '["garmin","garmin","withings"]',
    emails: '["me@example.org","me@example.org"]',
    withingsClientId: 'x',
  };
  const lines = refusal(await recordStack({ config }));
  expect(about(lines, 'quicksightPrincipalArn')).toMatch(/nobody may see it.*ARN/);
  expect(about(lines, 'garminClientId')).toMatch(/pulumi config set garminClientId/);
  expect(about(lines, 'garminClientSecret')).toMatch(/pulumi config set --secret garminClientSecret/);
  expect(about(lines, 'withingsClientSecret')).toMatch(/--secret withingsClientSecret/);
  expect(about(lines, 'providers')).toMatch(/twice/);
  expect(about(lines, 'emails')).toMatch(/twice/);
  expect(lines.join('\n')).not.toContain('withingsClientId:');
}, 300_000);

test('a zone and a name of a stack that only AWS would refuse are refused', async () => {
  // JavaScript takes a zone in any case, EventBridge Scheduler does not; what may be done to wellspring-prod-* reaches wellspring-prod-eu-*.
  const lines = refusal(await recordStack({ stack: 'prod-eu', config: { timezone: 'europe/paris' } }));
  expect(about(lines, 'timezone')).toMatch(/IANA time zone/);
  expect(about(lines, 'stack prod-eu')).toMatch(/letters and digits.*pulumi stack rename/);
}, 300_000);

test('more events than Glue takes are refused, and what is set stays unsaid', async () => {
  const made = await recordStack({ config: { batchSize: '101', ownerToken: 'token-of-the-owner', timezone: '' } });
  expect(about(refusal(made), 'batchSize')).toMatch(/from 1 to 100/);
  expect(made.refused?.message).not.toContain('token-of-the-owner');
}, 300_000);
