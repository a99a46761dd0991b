import { describe, expect, test } from 'vitest';
import { judge } from '../../infra/rules/iam/judge.ts';
import { judgeRole, rolesOf } from '../../infra/rules/iam/roles.ts';
import { ofType, policiesOf, textOf } from '../../infra/rules/resources.ts';
import { denied } from './denied.ts';
import type { Recorded } from './recorded.ts';

// What the roles of the recorded program must not do. That they may do what the handlers ask for is shown where the handlers are called
// (`test/support/rights`). Whether IAM decides so too, only an account shows.

/** What the roles of a stack must not do, and that they can do anything at all. */
export function rolesAreNarrow(recorded: Recorded): void {
  const stack = () => recorded('everything');
  const here = 'us-east-1:123456789012';
  /** The ARN of a recorded part. */
  function arnOf(type: string, name: string): string {
    const found = stack().resources.find((one) => one.type === type && one.name === name);
    if (found === undefined) throw new Error(`${type} ${name} is not in the stack.`);
    return textOf(found.props['arn']);
  }

  const places: Readonly<Record<string, () => string>> = {
    raw: () => arnOf('aws:s3/bucket:Bucket', 'raw'),
    lake: () => arnOf('aws:s3/bucket:Bucket', 'lake'),
    results: () => arnOf('aws:s3/bucket:Bucket', 'results'),
    state: () => arnOf('aws:dynamodb/table:Table', 'state'),
    bus: () => arnOf('aws:cloudwatch/eventBus:EventBus', 'bus'),
    summary: () => arnOf('aws:sns/topic:Topic', 'summary'),
    alerts: () => arnOf('aws:sns/topic:Topic', 'alerts'),
    workgroup: () => arnOf('aws:athena/workgroup:Workgroup', 'athena'),
    workflow: () => `arn:aws:glue:${here}:workflow/wellspring-prod-transform`,
    erase: () => `arn:aws:glue:${here}:job/wellspring-prod-erase`,
    receive: () => arnOf('aws:lambda/function:Function', 'receive'),
    forget: () => arnOf('aws:lambda/function:Function', 'forget'),
    secret: () => `arn:aws:secretsmanager:${here}:secret:wellspring-prod`,
    other: () => `arn:aws:secretsmanager:${here}:secret:wellspring-dev`,
    logs: () => `arn:aws:logs:${here}:log-group:`,
    role: () => rolesOf(stack()).find(({ name }) => name === 'forget')?.arn ?? '',
  };
  const placed = (resource: string) => resource.replace(/^<(\w+)>/, (_, name: string) => places[name]?.() ?? name);

  const roleOf = (name: string) => {
    const role = rolesOf(stack()).find((one) => one.name === name);
    if (role === undefined) throw new Error(`There is no role ${name}.`);
    return role;
  };

  const may = (name: string, action: string, resource: string, context = {}) =>
    judgeRole(stack(), roleOf(name), { action, resource: placed(resource), context }).allowed;

  describe.each(Object.entries(denied))('%s', (name, calls) => {
    test.each(Object.entries(calls))('%s', (_, [action, resource]) => {
      expect(may(name, action, resource)).toBe(false);
    });
  });

  test('the table of denials is long enough, and each of its roles may do something', () => {
    expect(Object.values(denied).flatMap((calls) => Object.keys(calls)).length).toBeGreaterThanOrEqual(30);
    expect(may('receive', 's3:PutObject', '<raw>/raw/2026-11-21/x/a/b.json')).toBe(true);
    expect(may('receive', 's3:ListBucket', '<raw>', { 's3:prefix': 'denied/keys/' })).toBe(true);
    expect(may('receive', 'events:PutEvents', '<bus>', { 'events:source': 'wellspring' })).toBe(true);
    expect(may('receive', 'events:PutEvents', '<bus>', { 'events:source': 'aws.s3' })).toBe(false);
    expect(may('web', 'secretsmanager:GetSecretValue', '<secret>/kept/g-AbCdEf')).toBe(true);
    expect(may('collect', 'dynamodb:UpdateItem', '<state>')).toBe(true);
    expect(may('forget', 's3:DeleteObjectVersion', '<raw>/raw/x')).toBe(true);
    expect(may('sweep', 'glue:StartWorkflowRun', '<workflow>')).toBe(true);
    expect(may('summarize', 'sns:Publish', '<summary>')).toBe(true);
    expect(may('transforms', 's3:PutObject', '<lake>/tables/x')).toBe(true);
  });

  test('a queue of dead letters takes what rules of this stack could not deliver, and of nobody else', () => {
    const about = policiesOf(stack()).filter(({ resource }) => resource.name === 'undelivered-policy');
    const statements = about.flatMap((one) => one.statements);
    const [queue = ''] = statements.flatMap(({ Resource = [] }) => Resource);
    const from = (account: string, rule: string): boolean => {
      const context = { 'aws:SourceAccount': account, 'aws:SourceArn': rule };
      const service = { principal: 'events.amazonaws.com', kind: 'Service', identity: [] } as const;
      return judge({ action: 'sqs:SendMessage', resource: queue, context }, service, statements).allowed;
    };
    const [rule] = ofType(stack(), 'aws:cloudwatch/eventRule:EventRule');
    const ours = textOf(rule?.props['arn']);
    expect(ours).toContain(':rule/');
    expect(from('123456789012', ours)).toBe(true);
    expect(from('999999999999', ours.replace('123456789012', '999999999999'))).toBe(false);
    expect(from('123456789012', 'arn:aws:events:us-east-1:123456789012:rule/bus/one')).toBe(false);
  });
}
