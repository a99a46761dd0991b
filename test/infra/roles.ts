import { expect, test } from 'vitest';
import { judge } from '../../infra/rules/iam/judge.ts';
import { judgeRole, rolesOf } from '../../infra/rules/iam/roles.ts';
import { ofType, policiesOf, textOf } from '../../infra/rules/resources.ts';
import { calls, may, type CallName } from './calls.ts';
import type { Recorded } from './recorded.ts';

// What the roles of the recorded program must not do. That they may do what the handlers ask for is shown where the handlers are called
// (`test/support/rights`). Whether IAM decides so too, only an account shows.

/** Roles of the Spark jobs. */
const OTHER: readonly string[] = ['transforms'];

/** What the roles of a stack must not do, and that they can do anything at all. */
export function rolesAreNarrow(recorded: Recorded): void {
  const stack = () => recorded('everything');
  /** Most are in either stack, those of the other engine in its own alone. */
  const stackOf = (role: string) => recorded(OTHER.includes(role) ? 'spark' : 'everything');
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
    transform: () => arnOf('aws:lambda/function:Function', 'transform'),
    secret: () => `arn:aws:secretsmanager:${here}:secret:wellspring-prod`,
    table: () => `arn:aws:glue:${here}:table/wellspring_prod`,
    rawtable: () => `arn:aws:glue:${here}:table/wellspring_prod_raw`,
    work: () => arnOf('aws:sqs/queue:Queue', 'work'),
    failed: () => arnOf('aws:sqs/queue:Queue', 'failed'),
    logs: () => `arn:aws:logs:${here}:log-group:`,
    role: () => rolesOf(stack()).find(({ name }) => name === 'forget')?.arn ?? '',
  };
  const placed = (resource: string) =>
    resource.replace(/^<(\w+)>/, (_, name: string) => places[name]?.() ?? `nothing called ${name}`);

  const roleOf = (name: string) => {
    const role = rolesOf(stackOf(name)).find((one) => one.name === name);
    if (role === undefined) throw new Error(`There is no role ${name}.`);
    return role;
  };

  const names = Object.keys(calls).filter((name): name is CallName => name in calls);
  /** Whether a role may do this, here or with what the next stack of the account calls the same. */
  const can = (role: string, call: CallName, next = false): boolean => {
    const [action, place, context = {}] = calls[call];
    const resource = next ? placed(place).replace(/wellspring([-_])prod/, 'wellspring$1next') : placed(place);
    return judgeRole(stackOf(role), roleOf(role), { action, resource, context }).allowed;
  };

  test('the table is about every role', () => {
    const others = [...rolesOf(stack()), ...rolesOf(recorded('spark'))].map(({ name }) => name);
    expect([...Object.keys(may), 'deploy'].toSorted()).toEqual([...new Set(others)].toSorted());
    expect(rolesOf(stack()).map(({ name }) => name)).not.toContain('transforms');
    expect(names.map((name) => placed(calls[name][1])).join()).not.toContain('nothing called');
  });

  test.each(Object.entries(may))(
    '%s may do what it is for, and none of at least thirty other things',
    (role, meant) => {
      const others = names.filter((name) => !meant.includes(name));
      expect(meant.filter((name) => !can(role, name))).toEqual([]);
      expect(others.filter((name) => can(role, name))).toEqual([]);
      expect(others.length).toBeGreaterThanOrEqual(30);
    },
  );

  test.each([...Object.keys(may), 'deploy'])('%s can do nothing to another stack of the account', (role) => {
    const named = names.filter((name) => calls[name][1] !== '*' && !calls[name][1].startsWith('<logs>'));
    expect(named.filter((name) => can(role, name, true))).toEqual([]);
    expect(named.length).toBeGreaterThanOrEqual(30);
  });

  test('the role that deploys reads nothing of people', () => {
    const read = names.filter((name) => /^(read|ask)/.test(name) && !/code|signed|client secrets|owner/.test(name));
    expect(read.filter((name) => can('deploy', name))).toEqual([]);
    expect(read.length).toBeGreaterThan(10);
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
