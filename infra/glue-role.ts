import * as aws from '@pulumi/aws';
import type * as pulumi from '@pulumi/pulumi';
import type { Key } from './key.ts';
import { tags } from './names.ts';
import { arnOf, policy, sameAccount, type Statement, trust } from './policy.ts';

export interface GlueRoleOptions {
  /** The name AWS shows, and the logical names of the role and of its rights. */
  readonly physical: string;
  readonly names: { readonly role: string; readonly rights: string };
  /** The log group that everything of its kind in an account shares, which Glue makes: `python-jobs/*`. */
  readonly logs: string;
  readonly key: Key | undefined;
  readonly statements: readonly Statement[];
}

/** What something runs as that Glue itself starts and writes the log of; whoever is made with it waits for its `rights`. */
export function glueRole(
  { physical, names, logs, key, statements }: GlueRoleOptions,
  child: pulumi.CustomResourceOptions,
): { readonly role: aws.iam.Role; readonly rights: aws.iam.RolePolicy } {
  const role = new aws.iam.Role(
    names.role,
    { name: physical, assumeRolePolicy: trust('glue.amazonaws.com', sameAccount), tags },
    child,
  );
  const Action = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
  const write = { Sid: 'WriteLogs', Action, Resource: [arnOf('logs', `log-group:/aws-glue/${logs}`)] };
  const rights = new aws.iam.RolePolicy(
    names.rights,
    { role: role.name, policy: policy([...statements, write, ...(key?.statements ?? [])]) },
    child,
  );
  return { role, rights };
}
