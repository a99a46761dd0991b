import * as z from 'zod';
import { bucketsWithout } from './resources.ts';
import type { Rule } from './rule.ts';

const yes = z.literal(true);
const blocked = z.object({
  blockPublicAcls: yes,
  blockPublicPolicy: yes,
  ignorePublicAcls: yes,
  restrictPublicBuckets: yes,
});
const owned = z.object({ rule: z.object({ objectOwnership: z.literal('BucketOwnerEnforced') }) });

export const privateBuckets: Rule = {
  name: 'private-buckets',
  description: 'No bucket can be made public, and no object of it has an owner of its own.',
  check: (stack) => [
    ...bucketsWithout(stack, 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', blocked, 'could be made public'),
    ...bucketsWithout(
      stack,
      'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
      owned,
      'takes objects of other owners',
    ),
  ],
};
