import { describe, expect, test } from 'vitest';
import { judgeRole, rolesOf } from '../../infra/rules/iam/roles.ts';
import { ofType, policiesOf, textOf } from '../../infra/rules/resources.ts';
import { providers } from '../../providers/index.ts';
import type { Recorded } from './recorded.ts';

// What mocks take and AWS does not, or bills. The limits are AWS's documented ones.

/** Letters a name may have, by type. */
const LONGEST: Readonly<Record<string, number>> = {
  'aws:iam/role:Role': 64,
  'aws:lambda/function:Function': 64,
  'aws:cloudwatch/eventRule:EventRule': 64,
  'aws:cloudwatch/eventArchive:EventArchive': 48,
  'aws:scheduler/schedule:Schedule': 64,
  'aws:scheduler/scheduleGroup:ScheduleGroup': 64,
  'aws:sqs/queue:Queue': 80,
  'aws:budgets/budget:Budget': 100,
  'aws:s3/bucket:Bucket': 37,
};
/** The longest project and stack the program takes, and what is recorded here. */
const MORE = 27 - 'wellspring-prod'.length;
const longest = (text: string): number => text.length + MORE * (text.match(/wellspring[-_]prod/g)?.length ?? 0);

/** Names, policies, figures and rights as AWS wants them. */
export function awsTakesIt(recorded: Recorded): void {
  const stack = () => recorded('everything');

  describe('what AWS takes', () => {
    test('with the longest name a stack may have, no name and no policy is too long', () => {
      const names = stack().resources.flatMap(({ type, props }) => {
        const limit = LONGEST[type];
        const name = textOf(props['bucketPrefix'] ?? props['name']);
        return limit !== undefined && longest(name) > limit ? [`${type} ${name}`] : [];
      });
      expect(names).toEqual([]);
      // Of a role 10,240 letters, of a policy of its own 6,144; blanks are not counted.
      const policies = policiesOf(stack()).filter(({ kind, resource }) => {
        const letters = longest(textOf(resource.props['policy']).replaceAll(/\s/g, ''));
        return (kind === 'identity' && letters > 10_240) || (kind === 'ceiling' && letters > 6144);
      });
      expect(policies.map(({ resource }) => resource.name)).toEqual([]);
    });

    test('who asks Athena may also ask whether there is a database called default', () => {
      const asking = rolesOf(stack()).filter(({ identity }) =>
        identity.some(({ Effect, Action = [] }) => Effect === 'Allow' && Action.includes('athena:StartQueryExecution')),
      );
      expect(asking.map(({ name }) => name).toSorted()).toEqual(['export', 'forget', 'readings', 'summarize', 'web']);
      const probe = {
        action: 'glue:GetDatabase',
        resource: 'arn:aws:glue:us-east-1:123456789012:database/default',
      };
      expect(asking.filter((role) => !judgeRole(stack(), role, probe).allowed).map(({ name }) => name)).toEqual([]);
    });

    test('a figure of our own is looked at as often as it is written, or the alarm goes on and off', () => {
      const every = ofType(stack(), 'aws:scheduler/schedule:Schedule').find(({ name }) => name.endsWith('-sweeps'));
      const minutes = /^cron\(\d+\/(\d+) /.exec(textOf(every?.props['scheduleExpression']))?.[1];
      const ours = ofType(stack(), 'aws:cloudwatch/metricAlarm:MetricAlarm').filter(
        ({ props }) => props['namespace'] === 'wellspring-prod',
      );
      expect(ours.map(({ props }) => props['period'])).toEqual(ours.map(() => Number(minutes) * 60));
      expect(ours).toHaveLength(2);
    });

    test('figures for each route of the API, which cost and nobody looks at, are not asked for', () => {
      const [stage] = ofType(stack(), 'aws:apigatewayv2/stage:Stage');
      expect(stage?.props['defaultRouteSettings']).toEqual({ throttlingRateLimit: 25, throttlingBurstLimit: 50 });
    });

    test('raw objects of every provider can be found, whatever the configuration names', () => {
      const [table] = ofType(recorded('minimal'), 'aws:glue/catalogTable:CatalogTable');
      expect(JSON.stringify(table?.props['parameters'])).toContain(
        `"projection.provider.values":"${[...Object.keys(providers), 'wellspring'].join(',')}"`,
      );
    });
  });
}
