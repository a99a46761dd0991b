import * as z from 'zod';
import { bucketsWithout } from './resources.ts';
import type { Rule } from './rule.ts';

const versioned = z.object({ versioningConfiguration: z.object({ status: z.literal('Enabled') }) });

export const versioning: Rule = {
  name: 'versioning',
  description: 'Every bucket keeps what is written over or deleted for a while.',
  check: (stack) => bucketsWithout(stack, 'aws:s3/bucketVersioning:BucketVersioning', versioned, 'is not versioned'),
};
