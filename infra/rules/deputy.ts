import * as z from 'zod';
import type { PolicyStatement } from './iam/document.ts';
import { misshapen, policiesOf } from './resources.ts';
import type { Rule } from './rule.ts';

/** Services that take a role on and say nothing of for whom. */
const SILENT: Readonly<Record<string, string>> = {
  'lambda.amazonaws.com':
    'Lambda sends no source when it takes a role on; only functions of this account can be given it.',
};
const FOR_WHOM = ['aws:sourcearn', 'aws:sourceaccount', 'kms:encryptioncontext:aws:logs:arn'];

export const confusedDeputy: Rule = {
  name: 'confused-deputy',
  description: 'A service may only act here for this account, or for one resource of it.',
  check: (stack) => [
    ...policiesOf(stack).flatMap(({ kind, resource, statements }) =>
      statements
        .filter(
          (one) => services(one).some((name) => kind !== 'trust' || SILENT[name] === undefined) && !saysForWhom(one),
        )
        .map((one) => ({
          resource,
          says: `lets ${services(one).join()} act for anybody${one.Sid === undefined ? '' : ` (${one.Sid})`}`,
        })),
    ),
    ...misshapen(
      stack,
      'aws:lambda/permission:Permission',
      z.object({ sourceArn: z.string() }),
      'lets a service call for anybody',
    ),
  ],
};

function services({ Effect, Principal }: PolicyStatement): readonly string[] {
  return Effect === 'Allow' ? (Principal?.['Service'] ?? []) : [];
}

function saysForWhom({ Condition }: PolicyStatement): boolean {
  return Object.entries(Condition).some(
    ([operator, keys]) =>
      /^(String|Arn)(Equals|Like)$/.test(operator) &&
      Object.keys(keys).some((key) => FOR_WHOM.includes(key.toLowerCase())),
  );
}
