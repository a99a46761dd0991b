import * as pulumi from '@pulumi/pulumi';
import { prefix, underscored } from './names.ts';
import { accountId, arnOf, partition, region } from './policy.ts';

/** ARNs of a service that is the same in all regions. */
export const global = (service: string, rest: string) =>
  pulumi.interpolate`arn:${partition}:${service}::${accountId}:${rest}`;
/** The provider that says who a run of GitHub's is. */
export const GITHUB_PROVIDER = global('iam', 'oidc-provider/token.actions.githubusercontent.com');
/** ARNs that name no account. */
const nobodys = (service: string, rest: pulumi.Input<string>) =>
  pulumi.interpolate`arn:${partition}:${service}:${rest}`;

/** Everything of the stack's own, service by service: what `pulumi up` makes, changes and removes has the stack's name. */
export function ours(): Readonly<Record<string, readonly pulumi.Input<string>[]>> {
  return {
    s3: [nobodys('s3', `::${prefix}-*`)],
    lambda: [arnOf('lambda', `function:${prefix}-*`), arnOf('lambda', 'event-source-mapping:*')],
    dynamodb: [arnOf('dynamodb', `table/${prefix}-*`)],
    events: ['event-bus/', 'rule/', 'archive/'].map((kind) => arnOf('events', `${kind}${prefix}*`)),
    scheduler: ['schedule-group/', 'schedule/'].map((kind) => arnOf('scheduler', `${kind}${prefix}-*`)),
    sqs: [arnOf('sqs', `${prefix}-*`)],
    sns: [arnOf('sns', `${prefix}-*`)],
    secretsmanager: [arnOf('secretsmanager', `secret:${prefix}/*`)],
    logs: ['aws/lambda/', 'aws/apigateway/', 'aws-glue/'].map((group) =>
      arnOf('logs', `log-group:/${group}${prefix}*`),
    ),
    apigateway: [nobodys('apigateway', pulumi.interpolate`${region}::/*`)],
    glue: [
      ...['job/', 'trigger/', 'workflow/', 'crawler/'].map((kind) => arnOf('glue', `${kind}${prefix}-*`)),
      ...['catalog', `database/${underscored}`, `database/${underscored}_raw`].map((kind) => arnOf('glue', kind)),
      ...['table', 'userDefinedFunction'].flatMap((kind) =>
        [underscored, `${underscored}_raw`].map((database) => arnOf('glue', `${kind}/${database}/*`)),
      ),
    ],
    athena: [arnOf('athena', `workgroup/${prefix}-*`)],
    cloudwatch: [arnOf('cloudwatch', `alarm:${prefix}-*`), global('cloudwatch', `dashboard/${prefix}-*`)],
    cloudtrail: [arnOf('cloudtrail', `trail/${prefix}-*`)],
    budgets: [global('budgets', `budget/${prefix}-*`)],
    quicksight: ['datasource/', 'dataset/', 'dashboard/'].map((kind) => arnOf('quicksight', `${kind}${prefix}-*`)),
  };
}

/** Where data and grants of people are: whoever deploys has no need to read them. */
export function people(): readonly pulumi.Input<string>[] {
  const objects = ['raw-*/*', 'results-*/*', 'lake-*/tables/*', 'lake-*/runs/*'].map((rest) =>
    nobodys('s3', `::${prefix}-${rest}`),
  );
  return [
    ...objects,
    arnOf('dynamodb', `table/${prefix}-*`),
    arnOf('secretsmanager', `secret:${prefix}/kept/*`),
    arnOf('athena', `workgroup/${prefix}-*`),
  ];
}
