import { ofType, policiesOf, prefixOf, ROLE } from '../resources.ts';
import type { Stack } from '../rule.ts';
import type { PolicyStatement } from './document.ts';
import { judge, type Call, type Verdict } from './judge.ts';

/** A role of the stack by its short name (`receive`, `transform`), with everything its own policies say. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly trust: readonly PolicyStatement[];
  readonly identity: readonly PolicyStatement[];
}

/** Every role of a stack. */
export function rolesOf(stack: Stack): readonly Role[] {
  const policies = policiesOf(stack);
  return ofType(stack, ROLE).map(({ urn, props }) => ({
    name: String(props['name']).slice(prefixOf(stack).length + 1),
    arn: String(props['arn']),
    trust: policies
      .filter(({ kind, resource }) => kind === 'trust' && resource.urn === urn)
      .flatMap(({ statements }) => statements),
    identity: policies
      .filter(({ kind, resource }) => kind === 'identity' && resource.props['role'] === props['name'])
      .flatMap(({ statements }) => statements),
  }));
}

/** What IAM would say of a call by one of the stack's roles, with the policies of what is called. */
export function judgeRole(stack: Stack, role: Role, call: Call): Verdict {
  const about = policiesOf(stack)
    .filter(({ kind }) => kind === 'resource')
    .flatMap(({ statements }) => statements);
  return judge(call, { principal: role.arn, kind: 'AWS', identity: role.identity }, about);
}
