import type { PolicyStatement } from '../../../infra/rules/iam/document.ts';
import { covers, judge } from '../../../infra/rules/iam/judge.ts';
import { rolesOf } from '../../../infra/rules/iam/roles.ts';
import { policiesOf } from '../../../infra/rules/resources.ts';
import type { Stack } from '../../../infra/rules/rule.ts';
import type { Asked } from './request.ts';

export interface Judged {
  /** `receive: s3:GetObject on arn:…`: asked for, and its role may not. */
  readonly refused: readonly string[];
  /** Objects that were not there, which AWS would not say to this role: it gets 403 instead of 404. */
  readonly hidden: readonly string[];
  /** `receive: PutRaw s3:PutObject`: its role may, and nobody asked for it. */
  readonly unused: readonly string[];
}

/** Judges what functions asked for by the roles of a recorded stack, both ways. `asked`: by the function's name. */
export function judgeAsked(stack: Stack, asked: Readonly<Record<string, readonly Asked[]>>): Judged {
  const roles = rolesOf(stack).filter(({ name }) => name in asked);
  const nobody = Object.keys(asked).filter((name) => !roles.some((role) => role.name === name));
  if (nobody.length > 0) throw new Error(`The stack has no role of ${nobody.join(', ')}.`);
  const about = policiesOf(stack)
    .filter(({ kind }) => kind === 'resource')
    .flatMap(({ statements }) => statements);
  const each = roles.map((role) => {
    const requests = asked[role.name] ?? [];
    const all = requests.flatMap((one) => one.calls);
    const calls = [...new Map(all.map((call) => [JSON.stringify(call), call])).values()];
    const caller = { principal: role.arn, kind: 'AWS', identity: role.identity } as const;
    const lists = (bucket: string): boolean => judge({ action: 's3:ListBucket', resource: bucket }, caller).allowed;
    return {
      refused: calls
        .filter((call) => !judge(call, caller, about).allowed)
        .map(({ action, resource }) => `${role.name}: ${action} on ${resource}`),
      hidden: requests
        .filter(({ missingIn }) => missingIn !== undefined && !lists(missingIn))
        .map(({ operation, calls: [first] }) => `${role.name}: ${operation} of ${first?.resource}`),
      unused: role.identity.flatMap((one) =>
        rightsOf(one)
          .filter(
            (action) => !calls.some((call) => call.action.toLowerCase() === action.toLowerCase() && covers(one, call)),
          )
          .map((action) => `${role.name}: ${one.Sid} ${action}`),
      ),
    };
  });
  const once = (of: (one: Judged) => readonly string[]): readonly string[] => [...new Set(each.flatMap(of))];
  return { refused: once((one) => one.refused), hidden: once((one) => one.hidden), unused: once((one) => one.unused) };
}

const rightsOf = ({ Action = [] }: PolicyStatement): readonly string[] => Action;
