import * as z from 'zod';
import { misshapen } from './resources.ts';
import type { Resource, Rule } from './rule.ts';

/** What cannot be made again: data, what opens them, and the addresses providers know. */
const KEPT = [
  'aws:s3/bucket:Bucket',
  'aws:dynamodb/table:Table',
  'aws:kms/key:Key',
  'aws:secretsmanager/secret:Secret',
  'aws:apigatewayv2/api:Api',
];
const disposable = z.object({ forceDestroy: z.literal(true) });

const lost = (one: Resource): boolean => !one.opts.protect && !disposable.safeParse(one.props).success;

export const protect: Rule = {
  name: 'protect',
  description:
    'Outside dev `pulumi destroy` is refused for what cannot be made again; and only what can be thrown away is.',
  check(stack) {
    if (stack.stack === 'dev') return [];
    return [
      ...stack.resources
        .filter((one) => KEPT.includes(one.type) && lost(one))
        .map((resource) => ({ resource, says: 'could be destroyed by mistake' })),
      ...stack.resources
        .filter((one) => one.opts.protect && disposable.safeParse(one.props).success)
        .map((resource) => ({ resource, says: 'is protected and emptied' })),
      ...misshapen(
        stack,
        'aws:dynamodb/table:Table',
        z.object({ deletionProtectionEnabled: z.literal(true) }),
        'could be deleted by hand',
      ),
    ];
  },
};
