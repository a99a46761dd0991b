import { ofType } from './resources.ts';
import type { Rule } from './rule.ts';

/** Policies AWS wrote that a role of ours has, and why. */
export const MANAGED: Readonly<Record<string, string>> = {
  'arn:aws:iam::aws:policy/service-role/AWS_ConfigRole':
    'The recorder reads the settings of what it records; AWS adds kinds to it.',
};

export const managedPolicies: Rule = {
  name: 'managed-policies',
  description: 'No role has a policy AWS wrote for everybody, but for the listed exceptions.',
  check: (stack) => [
    ...ofType(stack, 'aws:iam/rolePolicyAttachment:RolePolicyAttachment')
      .filter(({ props }) => MANAGED[String(props['policyArn'])] === undefined)
      .map((resource) => ({ resource, says: `attaches ${String(resource.props['policyArn'])}` })),
    ...ofType(stack, 'aws:iam/role:Role')
      .filter(({ props }) => props['managedPolicyArns'] !== undefined || props['inlinePolicies'] !== undefined)
      .map((resource) => ({ resource, says: 'has policies inside itself, where no rule looks' })),
  ],
};
