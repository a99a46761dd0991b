import { holds, type Context } from './condition.ts';
import type { PolicyStatement } from './document.ts';
import { fits } from './wildcard.ts';

/** One call of one principal, as IAM sees it. */
export interface Call {
  /** `s3:PutObject`; in any case. */
  readonly action: string;
  /** The ARN of what it is done to; `*` for an action that names nothing. */
  readonly resource: string;
  readonly context?: Context;
}

export interface Caller {
  /** The ARN of a role, or a service's name (`events.amazonaws.com`). */
  readonly principal: string;
  readonly kind: 'AWS' | 'Service' | 'Federated';
  /** What the caller's own policies say. */
  readonly identity: readonly PolicyStatement[];
}

export interface Verdict {
  readonly allowed: boolean;
  /** The statement that decided; undefined when nothing allows it. */
  readonly by?: PolicyStatement;
}

/**
 * What IAM decides within one account: a fitting Deny of either policy refuses, then one Allow of either is enough, else it is refused.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * Not judged: permissions boundaries, session policies and policies of the organisation, of which the stack has none.
 */
export function judge(call: Call, caller: Caller, resourcePolicy: readonly PolicyStatement[] = []): Verdict {
  const fitting = [
    ...caller.identity.filter((one) => covers(one, call)),
    ...resourcePolicy.filter((one) => isMeant(one, caller) && covers(one, call)),
  ];
  const refused = fitting.find(({ Effect }) => Effect === 'Deny');
  if (refused !== undefined) return { allowed: false, by: refused };
  const allowing = fitting.find(({ Effect }) => Effect === 'Allow');
  return allowing === undefined ? { allowed: false } : { allowed: true, by: allowing };
}

/** Whether a statement speaks about this call: its action, its resource and its conditions. */
export function covers(statement: PolicyStatement, { action, resource, context = {} }: Call): boolean {
  return namesAction(statement, action) && namesResource(statement, resource) && holds(statement.Condition, context);
}

function namesAction({ Action, NotAction }: PolicyStatement, action: string): boolean {
  const named = (Action ?? NotAction ?? []).some((pattern) => fits(pattern.toLowerCase(), action.toLowerCase()));
  return named === (Action !== undefined);
}

/** A trust policy names no resource: it is about the role it belongs to. */
function namesResource({ Resource, NotResource }: PolicyStatement, resource: string): boolean {
  if (Resource === undefined && NotResource === undefined) return true;
  const named = (Resource ?? NotResource ?? []).some((pattern) => fits(pattern, resource));
  return named === (Resource !== undefined);
}

function isMeant({ Principal, NotPrincipal }: PolicyStatement, caller: Caller): boolean {
  const named = Object.entries(Principal ?? NotPrincipal ?? {}).some(
    ([kind, who]) => (kind === caller.kind && who.includes(caller.principal)) || (kind === 'AWS' && who.includes('*')),
  );
  return named === (Principal !== undefined);
}
