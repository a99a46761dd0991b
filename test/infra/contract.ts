import { describe, expect, test } from 'vitest';
import { ofType, textOf } from '../../infra/rules/resources.ts';
import { recordStack, type Recording } from '../support/stack.ts';
import { STACKS } from '../support/stacks.ts';
import { STACK_NAMES, type Recorded } from './recorded.ts';

/** The outputs scripts and people read; adding is free, taking one away needs a decision and a line in CHANGELOG.md. */
const OUTPUTS = [
  'url',
  'webhookUrls',
  'oauthRedirectUrls',
  'dashboardUrl',
  'rawBucket',
  'lakeBucket',
  'athenaWorkgroup',
  'athenaDatabase',
  'athenaRawDatabase',
  'glueWorkflow',
  'engine',
  'busName',
  'summaryTopicArn',
  'ownerTokenSecretArn',
  'alertsTopicArn',
  'deadLetterQueues',
];
/** What a recording's names say of a resource: its type, its place below components, the name AWS shows. */
const lineOf = ({ type, urn, props }: Recording['resources'][number]) =>
  [type, urn.split('::').at(-1) ?? '', textOf(props['bucketPrefix'] ?? props['name'])].join('  ').trimEnd();
const namesOf = ({ resources }: Recording) => resources.map(lineOf).toSorted().join('\n');
const HEAD = [
  '# The names of the stack, as people and scripts find them. Another logical name (the second column) makes pulumi delete a resource and make',
  '# it anew; another physical name (the third) breaks who uses it. A difference here is a decision: docs/decisions and CHANGELOG.md say so.',
].join('\n');

/** What there is and where, without what the trail's own policy is: a transform writes it when its bucket is known. */
const shapes = ({ resources }: Recording) =>
  resources
    .filter(({ name, type }) => !(name === 'audit-policy' && type.endsWith('BucketPolicy')))
    .map(({ type, urn }) => `${type} ${urn}`)
    .toSorted();
const of = (stack: Recording, type: string) => ofType(stack, type).map(({ props }) => props);

/** Names and outputs are the stack's contract with the outside. */
export function contractHolds(recorded: Recorded): void {
  describe.each(STACK_NAMES)('the contract of the stack %s', (name) => {
    test('resources keep their names: a difference is a renamed, lost or new resource', async () => {
      await expect(`${HEAD}\n${namesOf(recorded(name))}\n`).toMatchFileSnapshot(`names.${name}.txt`);
    });

    test('it gives out what the contract lists, and nothing else; addresses with secret segments only as secrets', () => {
      const { outputs = {} } = recorded(name);
      expect(Object.keys(outputs).toSorted()).toEqual(OUTPUTS.toSorted());
      expect(Object.keys(outputs).filter((output) => outputs[output]?.secret === true)).toEqual(['webhookUrls']);
      expect(Object.keys(outputs).filter((output) => outputs[output]?.value === undefined)).toEqual([]);
    });

    test('no secret of the configuration is anywhere but where it is marked as one', () => {
      const config: Readonly<Record<string, string>> = 'config' in STACKS[name] ? STACKS[name].config : {};
      const secret = Object.entries(config).flatMap(([key, value]) =>
        /Secret$|^ownerToken$/.test(key) ? [value] : [],
      );
      const open = recorded(name).resources.filter(({ props, secrets }) => {
        const rest = Object.entries(props).filter(([key]) => !secrets.includes(key));
        return [...secret, 'drawn-by-aws'].some((value) => JSON.stringify(rest).includes(value));
      });
      expect(open.map((one) => one.urn)).toEqual([]);
    });
  });

  test('the numbers of a batch, the zone and the days of logs are those of the configuration', () => {
    const starts = (name: 'minimal' | 'everything') =>
      of(recorded(name), 'aws:glue/trigger:Trigger').flatMap(({ eventBatchingConditions: found }) =>
        found === undefined ? [] : [found],
      );
    expect(starts('minimal')).toEqual([[{ batchSize: 3, batchWindow: 900 }]]);
    expect(starts('everything')).toEqual([[{ batchSize: 10, batchWindow: 300 }]]);
    const zones = of(recorded('everything'), 'aws:scheduler/schedule:Schedule').map(
      (props) => props['scheduleExpressionTimezone'],
    );
    expect(new Set(zones)).toEqual(new Set(['Europe/Paris']));
    const days = of(recorded('everything'), 'aws:cloudwatch/logGroup:LogGroup').map(
      (props) => props['retentionInDays'],
    );
    expect(new Set(days)).toEqual(new Set([90]));
  });

  test('with unknown outputs, as in a preview, the very same resources are asked for', async () => {
    const preview = await recordStack({ ...STACKS.everything, preview: true });
    expect(preview.refused).toBeUndefined();
    expect(shapes(preview)).toEqual(shapes(recorded('everything')));
    expect(preview.resources.some(({ props }) => JSON.stringify(props).includes('(unknown)'))).toBe(true);
  }, 300_000);
}
