import type { PolicyStatement } from './iam/document.ts';
import { policiesOf, prefixOf } from './resources.ts';
import type { Rule } from './rule.ts';

/** Actions IAM gives no resource to, and why a role of ours has one: nothing else may be done to everything. */
export const ON_EVERYTHING: Readonly<Record<string, string>> = {
  'secretsmanager:ListSecrets': 'IAM knows no right to list some secrets only; a list shows names, never texts.',
  'cloudwatch:PutMetricData': 'IAM knows no resource for metrics; a condition limits the namespace.',
  'sns:Unsubscribe': 'IAM knows no resource for single subscriptions; only who holds the name of one can end it.',
  'sns:GetSubscriptionAttributes': 'IAM knows no resource for single subscriptions.',
  'sns:SetSubscriptionAttributes': 'IAM knows no resource for single subscriptions.',
};

/**
 * The role that deploys may do to the stack what `pulumi up` does, and that is everything: its statements name what is called after the
 * stack. These are about everything, because what they ask for has no name or no resource.
 */
export const FOR_DEPLOYING: Readonly<Record<string, string>> = {
  Look: 'Lists, and questions that name nothing.',
  MakeKeys: 'A key has no name; its tags have to be those of the stack.',
  MapQueues: 'A mapping has no name before it is made; its function has to be one of the stack.',
  Recorder: 'Recorders of AWS Config have no resource in most of its actions; an account and region has one.',
};

export const everything: Rule = {
  name: 'everything',
  description: 'No role may do something to everything, or everything to something, but for the listed exceptions.',
  check(stack) {
    const deploys = `${prefixOf(stack)}-deploy`;
    return policiesOf(stack)
      .filter(({ kind }) => kind === 'identity')
      .flatMap(({ resource, statements }) =>
        statements
          .flatMap((one) =>
            (resource.props['role'] === deploys ? widelyDeployed(one) : wide(one)).map(
              (what) => `${one.Sid} allows ${what}`,
            ),
          )
          .map((says) => ({ resource, says })),
      );
  },
};

function wide({ Effect, Action = [], NotAction, Resource = [], NotResource }: PolicyStatement): readonly string[] {
  if (Effect === 'Deny') return [];
  if (NotAction !== undefined || NotResource !== undefined) return ['everything but something'];
  const actions = Action.filter((action) => action.includes('*')).map((action) => `the actions ${action}`);
  if (!Resource.some(isEverything)) return actions;
  return [
    ...actions,
    ...Action.filter((action) => ON_EVERYTHING[action] === undefined).map((action) => `${action} on everything`),
  ];
}

function widelyDeployed(one: PolicyStatement): readonly string[] {
  const listed = FOR_DEPLOYING[one.Sid ?? ''] !== undefined;
  return one.Effect === 'Deny' || listed || !(one.Resource ?? ['*']).some(isEverything)
    ? []
    : ['something on everything'];
}

/** `*`, or an ARN that names nothing of a whole service. */
function isEverything(resource: string): boolean {
  return resource === '*' || /^\**$/.test(resource.split(':').slice(5).join(':'));
}
