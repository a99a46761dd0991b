import type { Edit } from '../support/stack.ts';

/** Mistakes made in the program itself: a line written differently, and the one rule that says so. */
export const mistakes: Readonly<Record<string, Edit & { readonly rule: string }>> = {
  'a `*` resource': {
    rule: 'everything',
    file: 'infra/objects.ts',
    from: "{ Sid: `${what}Put`, Action: ['s3:PutObject'], Resource: below(bucket, prefixes) }",
    to: "{ Sid: `${what}Put`, Action: ['s3:PutObject'], Resource: ['*'] }",
  },
  'a missing log group': {
    rule: 'log-groups',
    file: 'infra/function.ts',
    from: 'name: `/aws/lambda/${physical}`',
    to: 'name: `/aws/lambda/${physical}s`',
  },
  'an unencrypted bucket': {
    rule: 'encryption',
    file: 'infra/bucket.ts',
    from: `rules: [options.key?.bucketRule ?? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }]`,
    to: 'rules: []',
  },
  'a missing environment key': {
    rule: 'environment',
    file: 'infra/variables.ts',
    from: 'receive: delivery,',
    to: 'receive: { ...delivery, BUS: undefined },',
  },
  '`enabled` on the EVENT trigger': {
    rule: 'batch',
    file: 'infra/workflow.ts',
    from: `{ type: 'EVENT',`,
    to: `{ type: 'EVENT', enabled: true,`,
  },
  'an Output in a template string': {
    rule: 'outputs-in-texts',
    file: 'infra/athena.ts',
    from: 'outputLocation: pulumi.interpolate`s3://',
    to: 'outputLocation: `s3://',
  },
};
