import * as pulumi from '@pulumi/pulumi';
import { GITHUB_PROVIDER, global, ours, people } from './deploy-places.ts';
import { prefix } from './names.ts';
import { arnOf, type Statement } from './policy.ts';

/** What asks for a list, or cannot be narrowed to a name, service by service. */
const LOOK = [
  'sts:GetCallerIdentity',
  'lambda:ListEventSourceMappings',
  'logs:DescribeLogGroups',
  'events:ListEventBuses',
  'cloudtrail:DescribeTrails',
  'cloudwatch:DescribeAlarms',
  'secretsmanager:GetRandomPassword',
  'kms:ListAliases',
  'sns:GetSubscriptionAttributes',
  'sns:Unsubscribe',
  'iam:ListOpenIDConnectProviders',
  'glue:GetSecurityConfigurations',
  // The access log of an API is delivered by CloudWatch, which asks whoever sets it up for these.
  ...['Create', 'Get', 'Update', 'Delete', 'List'].map(
    (verb) => `logs:${verb}LogDeliver${verb === 'List' ? 'ies' : 'y'}`,
  ),
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
];

const ROLES = ['lambda', 'glue', 'events', 'scheduler', 'config'].map((service) => `${service}.amazonaws.com`);
const KEY = [
  'Describe*',
  'Get*',
  'List*',
  'Put*',
  'Update*',
  'EnableKeyRotation',
  'TagResource',
  'UntagResource',
  'ScheduleKeyDeletion',
];
// A table asks whoever makes it for all of these.
const USE = ['CreateGrant', 'Decrypt', 'Encrypt', 'GenerateDataKey*', 'ReEncrypt*'];
const ALIAS = ['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'];
const ROLE = ['Create', 'Get', 'Update', 'Delete', 'Tag', 'Untag', 'List'].map((verb) => `iam:${verb}Role*`);

const PEOPLE = [
  's3:GetObject*',
  'dynamodb:*Item',
  'dynamodb:Query',
  'dynamodb:Scan',
  'secretsmanager:GetSecretValue',
  'athena:StartQueryExecution',
];

/** What the role that deploys may do: everything with what has the stack's name, and nothing with what has not. */
export function deployRights(): readonly Statement[] {
  const roles = global('iam', `role/${prefix}-*`);
  const named = Object.entries(ours()).map(([service, Resource]) => ({
    Sid: `Own${service}`,
    Action: [`${service}:*`],
    Resource,
  }));
  return [
    ...named,
    {
      Sid: 'NothingOfPeople',
      Effect: 'Deny',
      Action: PEOPLE,
      Resource: people(),
    },
    { Sid: 'Look', Action: LOOK, Resource: ['*'] },
    {
      Sid: 'OwnRoles',
      Action: [
        ...ROLE,
        'iam:PutRolePolicy',
        'iam:UpdateAssumeRolePolicy',
        'iam:AttachRolePolicy',
        'iam:DetachRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListInstanceProfilesForRole',
      ],
      Resource: [roles],
    },
    {
      Sid: 'PassRoles',
      Action: ['iam:PassRole'],
      Resource: [roles],
      Condition: { StringEquals: { 'iam:PassedToService': ROLES } },
    },
    {
      Sid: 'GitHub',
      Action: ['iam:*OpenIDConnectProvider*'],
      Resource: [GITHUB_PROVIDER],
    },
    {
      Sid: 'SeeCeiling',
      Action: ['iam:GetPolicy*', 'iam:ListPolicyVersions', 'iam:ListPolicyTags'],
      Resource: [global('iam', `policy/${prefix}-ceiling`)],
    },
    // A key has no name: its tag says whose it is.
    {
      Sid: 'MakeKeys',
      Action: ['kms:CreateKey', 'kms:TagResource'],
      Resource: ['*'],
      Condition: {
        StringEquals: { 'aws:RequestTag/stack': pulumi.getStack(), 'aws:RequestTag/project': pulumi.getProject() },
      },
    },
    {
      Sid: 'OwnKeys',
      Action: [...[...KEY, ...USE].map((verb) => `kms:${verb}`), ...ALIAS],
      Resource: [arnOf('kms', 'key/*')],
      Condition: { StringEquals: { 'aws:ResourceTag/stack': pulumi.getStack() } },
    },
    // The name of a key has no tags; its change is asked of the key as well.
    { Sid: 'NameKeys', Action: ALIAS, Resource: [arnOf('kms', `alias/${prefix}`)] },
    // Of a mapping that is not there yet only its function is known.
    {
      Sid: 'MapQueues',
      Action: ['lambda:CreateEventSourceMapping'],
      Resource: ['*'],
      Condition: { ArnLike: { 'lambda:FunctionArn': arnOf('lambda', `function:${prefix}-*`) } },
    },
    // One recorder an account and region: it has no name of ours.
    { Sid: 'Recorder', Action: ['config:*ConfigurationRecorder*', 'config:*DeliveryChannel*'], Resource: ['*'] },
  ];
}
