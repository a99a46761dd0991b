import { judge } from './iam/judge.ts';
import { BUCKET, ofType, policiesOf, textOf } from './resources.ts';
import type { Rule } from './rule.ts';

/** Somebody who may do everything: only a refusal stops them. */
const ANYBODY = {
  principal: '*',
  kind: 'AWS',
  identity: [{ Effect: 'Allow', Action: ['*'], Resource: ['*'], Condition: {} }],
} as const;

export const tlsOnly: Rule = {
  name: 'tls-only',
  description: 'Every bucket refuses calls that do not come over TLS, for itself and for its objects.',
  check(stack) {
    const policies = policiesOf(stack).filter(({ kind }) => kind === 'resource');
    return ofType(stack, BUCKET).flatMap((resource) => {
      const { bucket } = resource.props;
      const arn = textOf(resource.props['arn']);
      const statements = policies
        .filter((one) => one.resource.props['bucket'] === bucket)
        .flatMap((one) => one.statements);
      const context = { 'aws:SecureTransport': 'false' };
      const open = [arn, `${arn}/raw/x`].filter(
        (name) => judge({ action: 's3:GetObject', resource: name, context }, ANYBODY, statements).allowed,
      );
      return open.length === 0 ? [] : [{ resource, says: 'answers calls without TLS' }];
    });
  },
};
